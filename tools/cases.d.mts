/** Whether the tests try everything, as in `npm run test:all`. */
export declare const isAll: boolean

/** The first of each `oneIn` cases, or all of them if the tests try everything. */
export declare const someOf: <Case>(
  cases: ReadonlyArray<Case>,
  oneIn: number
) => ReadonlyArray<Case>
