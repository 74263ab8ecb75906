/** Where the rows come from: the client of an Effect program, or of a program with promises. */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import { numeric } from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import type * as Table from "@innerspace-metrics/core/Table"
import type * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Batch, batchReader, type RawRow } from "./columns/batch.js"
import type { FileColumn } from "./columns/column.js"

/** `MetricsClient.stream`. */
export type StreamRows = <Row>(
  query: Query.Query<Row>,
  options?: Streaming.Options
) => Stream.Stream<Row, CallError>

/** The rows of a query in batches, one for each page. */
export const batches = (
  stream: StreamRows,
  query: Query.Query<unknown>,
  columns: ReadonlyArray<FileColumn>,
  options: Streaming.Options
): Stream.Stream<Batch, CallError> => {
  const read = batchReader(columns, query.table.name)
  // Rows as their JSON came: decoded ones have lost microseconds.
  const raw: Query.Query<RawRow> = {
    ...Query.raw(query as Query.Query<RawRow>),
    table: withExactIntegers(query.table)
  }
  return Stream.mapEffect(Stream.chunks(stream(raw, options)), (rows: Chunk.Chunk<RawRow>) =>
    Effect.suspend(() => read(Array.from(rows)))
  )
}

/**
 * The table with all digits of its `bigint` columns, also where the API sends them as numbers.
 * `JSON.parse` would round them, which core reports as an error.
 */
const withExactIntegers = (table: Table.Any): Table.Any => {
  const { parseExact } = numeric
  if (parseExact === undefined) return table
  const columns = [...table.byName].map(
    ([name, column]) =>
      [
        name,
        column.scalar.name === "bigint"
          ? { ...column, scalar: { ...column.scalar, parseExact } }
          : column
      ] as const
  )
  return { ...table, byName: new Map(columns) }
}
