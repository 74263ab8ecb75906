/**
 * Batches of columns. A batch has some rows of a stream as typed arrays, with a column for each
 * selected value.
 *
 * `MetricsClient.columns` returns batches. A batch has no methods, so `structuredClone` and
 * `postMessage` accept it. Its arrays have the layout of Apache Arrow's arrays: validity bitmaps
 * with the least significant bit first, UTF-8 with offsets, and dictionaries with 32-bit indices.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type * as Either from "effect/Either"
import { sliceOf, stringsOf } from "./internal/columns/batch.js"
import { batchOfJson } from "./internal/columns/reader.js"
import { tools } from "./internal/columns/tools.js"
import type { JsonValue } from "./JsonValue.js"
import type { DecodeError, QueryError } from "./MetricsError.js"
import type { Query } from "./Query.js"
import type { LocalDate } from "./TimeRange.js"

/**
 * Some rows of a query, column by column. `Row` is the type that a row has in a `stream`.
 *
 * @example
 * ```ts
 * import { ColumnBatch } from "@innerspace-metrics/core"
 *
 * const sumOf = (batch: ColumnBatch.ColumnBatch<{ people: number | null }>) => {
 *   const { people } = batch.columns
 *   let sum = 0
 *   for (let row = 0; row < batch.length; row++) {
 *     if (!ColumnBatch.isNull(people, row)) sum += people.values[row] ?? 0
 *   }
 *   return sum
 * }
 * ```
 */
export interface ColumnBatch<Row> {
  /** Number of rows, at least 1 in a stream. */
  readonly length: number
  /** The columns, under the names that the values have in a row. */
  readonly columns: { readonly [Name in keyof Row]: ColumnOf<Row[Name]> }
}

/** The type of a column. It depends on the type that the value has in a row. */
export type ColumnOf<Value> = unknown extends Value
  ? Column
  : JsonValue extends Value
    ? JsonColumn
    : [NonNullable<Value>] extends [number]
      ? NumberColumn
      : [NonNullable<Value>] extends [bigint]
        ? Int64Column
        : [NonNullable<Value>] extends [boolean]
          ? BooleanColumn
          : [NonNullable<Value>] extends [LocalDate]
            ? DateColumn
            : [NonNullable<Value>] extends [string]
              ? TextColumn
              : [NonNullable<Value>] extends [DateTime.Utc]
                ? TimestampColumn
                : [NonNullable<Value>] extends [BigDecimal.BigDecimal]
                  ? DecimalColumn
                  : JsonColumn

/** Any column. */
export type Column =
  | NumberColumn
  | Int64Column
  | BooleanColumn
  | DateColumn
  | TimestampColumn
  | TextColumn
  | DecimalColumn
  | JsonColumn

/** A column of numbers. The column's scalar determines the type of the array. */
export type NumberColumn = Int32Column | Float64Column

/** The fields that all columns have. */
interface Nullable {
  /**
   * One bit for each row, with the least significant bit of a byte first. The bit is 1 if the row
   * has a value. `undefined` if no row is null.
   */
  readonly validity: Uint8Array | undefined
  /** Number of rows that are null. */
  readonly nullCount: number
}

/** A column of `Int`, `smallint` or `datePartition`. A null is stored as 0. */
export interface Int32Column extends Nullable {
  readonly kind: "int32"
  readonly values: Int32Array
}

/**
 * A column of `float8`, `Float` or another type that decodes to a number. A null is stored as NaN.
 */
export interface Float64Column extends Nullable {
  readonly kind: "float64"
  readonly values: Float64Array
}

/** A column of `bigint`. A null is stored as 0. */
export interface Int64Column extends Nullable {
  readonly kind: "int64"
  readonly values: BigInt64Array
}

/** A column of `Boolean`. Each row has one byte, which is 1 for true. A null is stored as 0. */
export interface BooleanColumn extends Nullable {
  readonly kind: "boolean"
  readonly values: Uint8Array
}

/**
 * A column of `date`. A date is stored as days since 1970-01-01, without a time zone, and a null as
 * 0.
 */
export interface DateColumn extends Nullable {
  readonly kind: "date"
  readonly values: Int32Array
}

/**
 * A column of `timestamptz`. A point in time is `values[row]` milliseconds since
 * 1970-01-01T00:00:00Z, plus `micros[row]` microseconds. The milliseconds are whole numbers, and
 * equal to the milliseconds of the `DateTime` in a `stream`. A null is stored as NaN.
 */
export interface TimestampColumn extends Nullable {
  readonly kind: "timestamp"
  readonly values: Float64Array
  /**
   * The microseconds after the millisecond, from 0 to 999. `undefined` if they are 0 in all rows.
   * Digits after the microseconds are dropped.
   */
  readonly micros: Uint16Array | undefined
}

/**
 * Texts as UTF-8. Text number `n` has the bytes from `offsets[n]` up to `offsets[n + 1]`.
 *
 * If `codes` is defined, row `r` has the text number `codes[r]`, and no two texts are equal.
 * Otherwise row `r` has the text number `r`. A null has the code 0, or an empty text if `codes` is
 * `undefined`.
 */
export interface Texts extends Nullable {
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
  readonly codes: Int32Array | undefined
}

/** A column of `String`, `uuid`, an enumeration or another type that decodes to a string. */
export interface TextColumn extends Texts {
  readonly kind: "text"
}

/**
 * A column of `numeric`: the decimal as the server wrote it, with all of its digits.
 * `BigDecimal.fromString` parses such a text.
 */
export interface DecimalColumn extends Texts {
  readonly kind: "decimal"
}

/**
 * A column of JSON: `jsonb`, `json`, a `path` into JSON, arrays, geometries, or related rows. The
 * JSON is kept as the server wrote it, with its spaces. A JSON null is stored as a null of the
 * column, because a response does not distinguish a JSON null from an SQL null.
 */
export interface JsonColumn extends Texts {
  readonly kind: "json"
}

/**
 * Whether a column has no value in a row.
 *
 * @example
 * ```ts
 * import { ColumnBatch } from "@innerspace-metrics/core"
 *
 * const hasGap = (column: ColumnBatch.Column, length: number) =>
 *   Array.from({ length }, (_, row) => row).some((row) => ColumnBatch.isNull(column, row))
 * ```
 */
export const isNull = ({ validity }: Column, row: number): boolean =>
  validity !== undefined && (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0

/**
 * Returns the texts of a column as strings, in the order of the text numbers. Rows with the same
 * code share one string. The strings are made at the first call, and are kept with the column.
 *
 * @example
 * ```ts
 * import { ColumnBatch } from "@innerspace-metrics/core"
 *
 * const namesOf = (column: ColumnBatch.TextColumn) => new Set(ColumnBatch.strings(column))
 * ```
 */
export const strings = (column: Texts): ReadonlyArray<string> => stringsOf(column)

/**
 * Returns the text of a row, or null.
 *
 * @example
 * ```ts
 * import { ColumnBatch } from "@innerspace-metrics/core"
 *
 * const parsed = (column: ColumnBatch.JsonColumn, row: number): unknown =>
 *   JSON.parse(ColumnBatch.text(column, row) ?? "null")
 * ```
 */
export const text = (
  column: TextColumn | DecimalColumn | JsonColumn,
  row: number
): string | null =>
  isNull(column, row) ? null : (stringsOf(column)[column.codes?.[row] ?? row] ?? null)

/**
 * Returns the rows from `start` up to `end`, without the row `end`. The values share the memory of
 * the batch.
 *
 * @example
 * ```ts
 * import { ColumnBatch } from "@innerspace-metrics/core"
 *
 * const halves = <Row>(batch: ColumnBatch.ColumnBatch<Row>) => [
 *   ColumnBatch.slice(batch, 0, batch.length >> 1),
 *   ColumnBatch.slice(batch, batch.length >> 1)
 * ]
 * ```
 */
export const slice = <Row>(
  batch: ColumnBatch<Row>,
  start: number,
  end?: number
): ColumnBatch<Row> => sliceOf(batch, start, end)

/**
 * Makes a batch from rows as JSON. A query with `Query.raw` returns such rows. Use this function
 * for a query that `MetricsClient.columns` does not accept, such as a query with a limit. Values of
 * `bigint` and `numeric` keep all of their digits, as in the rows of `Query.raw`. Values of `jsonb`
 * were parsed by `JSON.parse`, and are written again without spaces.
 *
 * Fails with a `QueryError` if columns cannot hold the rows of the query, and with a `DecodeError`
 * for a wrong value.
 *
 * @example
 * ```ts
 * import { ColumnBatch, MetricsClient, Query } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const columnsOf = <Row>(query: Query.Query<Row>) =>
 *   Effect.gen(function* () {
 *     const metrics = yield* MetricsClient.MetricsClient
 *     const rows = yield* metrics.query(Query.raw(query))
 *     return yield* ColumnBatch.fromJson(query, rows)
 *   })
 * ```
 */
export const fromJson = <Row>(
  query: Query<Row>,
  rows: ReadonlyArray<unknown>
): Either.Either<ColumnBatch<Row>, QueryError | DecodeError> => batchOfJson(query, rows, tools)
