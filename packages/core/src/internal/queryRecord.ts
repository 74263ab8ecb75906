/** Several queries that are built or sent together. */
import type { Answer, Query } from "../Query.js"

/** Queries, keyed by the names of their results. */
export interface QueryRecord {
  readonly [key: string]: Query<unknown, unknown, unknown>
}

/** The results of a record of queries, under the same keys. */
export type Answers<Queries> = { readonly [Key in keyof Queries]: Answer<Queries[Key]> }
