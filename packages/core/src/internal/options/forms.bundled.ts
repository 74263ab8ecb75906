/**
 * In a page, hints do not describe valid values, so the bundle does not contain the descriptions.
 * In development and in Node, `forms.node.ts` has these descriptions.
 */
export const formOf = (_fits: (value: unknown) => boolean): string =>
  "a value of the documented type"
