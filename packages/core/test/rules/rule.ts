/**
 * The forms of a rule's row: the result of a query, the rows that a filter selects, or a rejection
 * by the builder or the server.
 */
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { CallError, GraphQLError, QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import type { ApiName } from "./clients.js"

/** A query, by default of v2, and its result. */
export interface Answered {
  readonly rule: string
  readonly api?: ApiName
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly answer: unknown
}

/** A filter over known rows, and those that it selects by an evaluation in memory. */
export interface Filtered {
  readonly rule: string
  readonly api: ApiName
  /**
   * The server that writes wide numbers as text, for numbers whose digits would otherwise be lost.
   */
  readonly server: "plain" | "stringified"
  /**
   * How many rows it selects. A filter that selects all or none where it should select some proves
   * little.
   */
  readonly share: "all" | "some" | "none"
  readonly run: (metrics: MetricsClient) => Effect.Effect<
    {
      readonly query: Query.Query<unknown>
      readonly rows: ReadonlyArray<unknown>
      readonly found: ReadonlyArray<unknown>
      readonly kept: ReadonlyArray<unknown>
    },
    CallError
  >
}

/** Makes rows about the filters of one query. */
export const over =
  <Row, Columns>(
    api: ApiName,
    all: Query.Query<Row, Columns>,
    server: Filtered["server"] = "plain"
  ) =>
  (
    rule: string,
    where: (rows: ReadonlyArray<Row>) => Query.Where<Columns>,
    keeps: (row: Row, rows: ReadonlyArray<Row>) => boolean,
    share: Filtered["share"] = "some"
  ): Filtered => ({
    rule,
    api,
    server,
    share,
    run: (metrics) =>
      Effect.gen(function* () {
        const rows = yield* metrics.query(all)
        const query = Query.and(all, where(rows))
        const found = yield* metrics.query(query)
        return { query, rows, found, kept: rows.filter((row) => keeps(row, rows)) }
      })
  })

/** A query that is rejected before anything is sent. */
export interface Refused {
  readonly rule: string
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly reason: QueryError["reason"]
}

/** A query of v2 that can be built, and the error of the server. */
export interface Failing {
  readonly rule: string
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly code: string
  readonly reason: GraphQLError["reason"]
}

/** A document that the builder cannot make, by default for v2, and the server's response to it. */
export interface ByHand {
  readonly rule: string
  readonly api?: ApiName
  readonly document: string
  readonly variables?: { readonly [name: string]: string | number | null }
  /** The `data`, or the code of the error. */
  readonly expected: { readonly data: unknown } | { readonly code: string; readonly says: string }
}
