// `npm test` tries only a part of long tables, and `npm run test:all` tries all of their cases.
// `TEST_ALL=1` does this for a single file.

export const isAll = process.env["TEST_ALL"] !== undefined

export const someOf = (cases, oneIn) =>
  isAll ? cases : cases.filter((_case, index) => index % oneIn === 0)
