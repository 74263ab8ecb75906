// `npm test` tries only some cases of long tables. `npm run test:all` tries all cases. With
// `TEST_ALL=1`, a single test file tries all of its cases.

export const isAll = process.env["TEST_ALL"] !== undefined

export const someOf = (cases, oneIn) =>
  isAll ? cases : cases.filter((_case, index) => index % oneIn === 0)
