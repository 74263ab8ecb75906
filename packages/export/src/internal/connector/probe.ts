/** Tries a configuration: a login and a query. */
import type * as Column from "@innerspace-metrics/core/Column"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import type * as Table from "@innerspace-metrics/core/Table"
import * as Effect from "effect/Effect"
import type { DatasetError } from "../../DatasetError.js"
import type { Connection } from "./config.js"

/** Fails if there is no table to read, or if the first table cannot be queried. */
export const probe = ({
  others,
  tables
}: Connection): Effect.Effect<void, CallError | DatasetError, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const { query } = yield* MetricsClient.MetricsClient
    const [first] = tables
    if (first === undefined) {
      const [why] = others
      return why === undefined ? undefined : yield* why
    }
    const one = Query.from(
      // The names are names of the table's columns, and the builder checks them.
      first.table as Table.Table<
        string,
        { readonly [column: string]: Column.Column<unknown, unknown> }
      >,
      {
        select: [first.time],
        where: { ...first.where, ...Object.fromEntries(first.series[0]?.fixed ?? []) },
        limit: 1
      }
    )
    yield* query(one).pipe(
      Effect.catchIf(
        // The login succeeded, but this token may not read the table. The configuration can still
        // be correct.
        (error) => error._tag === "GraphQLError" && error.reason === "Invalid",
        () => Effect.void
      )
    )
  })
