/**
 * The same text for every option, so that the bundle of a page does not contain a description for
 * each option. In development and in Node, `forms.node.ts` is used, which has these descriptions.
 */
export const formOf = (_fits: (value: unknown) => boolean): string =>
  "a value of the documented type"
