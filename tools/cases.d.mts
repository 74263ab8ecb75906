/** Whether the tests try everything, as in `npm run test:all`. */
export declare const isAll: boolean

/**
 * Every `oneIn`-th case, beginning with the first one, or all cases if the tests try everything.
 */
export declare const someOf: <Case>(
  cases: ReadonlyArray<Case>,
  oneIn: number
) => ReadonlyArray<Case>
