/**
 * In a page, hints do not describe valid values, which saves their text. In development and in Node
 * `forms.node.ts` describes them.
 */
export const formOf = (_fits: (value: unknown) => boolean): string =>
  "a value of the documented type"
