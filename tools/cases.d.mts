/** Whether the tests try all cases, as in `npm run test:all`. */
export declare const isAll: boolean

/**
 * Returns every `oneIn`-th case, beginning with the first case. In `npm run test:all`, returns all
 * cases.
 */
export declare const someOf: <Case>(
  cases: ReadonlyArray<Case>,
  oneIn: number
) => ReadonlyArray<Case>
