/**
 * The forms that a row can have: what a query answers, which rows a filter keeps, and what is
 * refused by whom.
 */
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { CallError, GraphQLError, QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import type { ApiName } from "./clients.js"

/** A query of v2, unless said, and what it answers. */
export interface Answered {
  readonly rule: string
  readonly api?: ApiName
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly answer: unknown
}

/** A filter over rows that are known, and which of them it keeps by an evaluation in memory. */
export interface Filtered {
  readonly rule: string
  readonly api: ApiName
  /** The server that writes wide numbers as text, where their digits would be lost otherwise. */
  readonly server: "plain" | "stringified"
  /**
   * How many it keeps: if it keeps all or none where it should keep some, the row proves little.
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

/** A query that is refused before anything is sent. */
export interface Refused {
  readonly rule: string
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly reason: QueryError["reason"]
}

/** A query of v2 that can be built, and with which error the server answers. */
export interface Failing {
  readonly rule: string
  readonly query: Query.Query<unknown, unknown, unknown>
  readonly code: string
  readonly reason: GraphQLError["reason"]
}

/** A document that the builder cannot make, of v2 unless said, and what the server does with it. */
export interface ByHand {
  readonly rule: string
  readonly api?: ApiName
  readonly document: string
  readonly variables?: { readonly [name: string]: string | number | null }
  /** The `data`, or the code of the error. */
  readonly expected: { readonly data: unknown } | { readonly code: string; readonly says: string }
}
