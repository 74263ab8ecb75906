/** The source of rows: the client of an Effect program, or of a program with promises. */
import type * as Column from "@innerspace-metrics/core/Column"
import type { ColumnBatch } from "@innerspace-metrics/core/ColumnBatch"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import type * as Table from "@innerspace-metrics/core/Table"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Batch, batchReader } from "./columns/batch.js"
import { type ColumnType, type FileColumn, typeOf } from "./columns/column.js"

/** The type of `MetricsClient.columns`. */
export type StreamColumns = <Row>(
  query: Query.Query<Row>,
  options?: Streaming.Options
) => Stream.Stream<ColumnBatch<Row>, CallError>

/** The rows of a query in batches, one for each page. */
export const batches = (
  stream: StreamColumns,
  query: Query.Query<unknown>,
  columns: ReadonlyArray<FileColumn>,
  options: Streaming.Options
): Stream.Stream<Batch, CallError> => {
  const read = batchReader(columns, query.table)
  const readable: Query.Query<{ readonly [name: string]: unknown }> = {
    ...(query as Query.Query<{ readonly [name: string]: unknown }>),
    // The client's method `columns` rejects a raw query. Here a raw query can be read like any
    // other query, because `readers` keep the source texts in any case.
    isRaw: false,
    table: withSourceTexts(query.table)
  }
  return Stream.mapEffect(stream(readable, options), (batch) => Effect.suspend(() => read(batch)))
}

/**
 * The scalars that read the values of each type. The contents of a file depend only on the type, so
 * a decoder of the user does not change them. The reader of JSON keeps the source text. A decimal
 * uses the same reader, so that its digits are kept; its text can also be `NaN`.
 */
const readers: { readonly [Type in ColumnType]: Scalar.Any } = {
  boolean: Scalar.Boolean,
  int32: Scalar.Int,
  int64: Scalar.bigint,
  float64: Scalar.float8,
  instant: Scalar.timestamptz,
  date: Scalar.date,
  decimal: Scalar.jsonb,
  json: Scalar.jsonb,
  text: Scalar.String
}

const withSourceTexts = (table: Table.Any): Table.Any => ({
  ...table,
  byName: new Map(
    [...table.byName].map(([name, column]): [string, Column.Any] => {
      const { parseExact: _, ...scalar } = column.scalar
      const { decode, parseExact } = readers[typeOf(column.scalar)]
      return [
        name,
        {
          ...column,
          scalar: { ...scalar, decode, ...(parseExact === undefined ? {} : { parseExact }) }
        }
      ]
    })
  )
})
