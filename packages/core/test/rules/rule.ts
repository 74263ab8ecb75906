/**
 * The forms of the rows that test rules. A row states the result of a query, the rows of the API
 * that a filter selects, or a rejection by the builder or the server.
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

/**
 * A filter, and the rows of the API that it must select. An evaluation of the filter in memory
 * finds these rows.
 */
export interface Filtered {
  readonly rule: string
  readonly api: ApiName
  /**
   * `stringified` is the server that writes wide numbers as text. Numbers that would otherwise lose
   * digits are tested with this server.
   */
  readonly server: "plain" | "stringified"
  /**
   * How many rows the filter must select. The test fails if a filter that must select some rows
   * selects all rows or none, because such a test would prove little.
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

/** Makes `Filtered` rows for filters that are added to one query. */
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

/** A query that the builder rejects, so that nothing is sent. */
export interface Refused {
  readonly rule: string
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly reason: QueryError["reason"]
}

/** A query of v2 that can be built, and the error with which the server responds. */
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
