/**
 * Decodes a cell of a response to the value of a row: first by its column's scalar, and then by the
 * caller's Schemas.
 */
import * as Either from "effect/Either"
import type { FieldNode } from "graphql"
import type * as Column from "../../Column.js"
import type { JsonValue } from "../../JsonValue.js"
import { DecodeError, type QueryError } from "../../MetricsError.js"
import type * as Table from "../../Table.js"
import { showing } from "../redact/shownValues.js"
import { type Decode, readOf } from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import type { ExactCells } from "./exactCells.js"

/**
 * Returns the value of a cell, or a `DecodeError`. The function does not return an Either, because
 * creating an Either for each cell takes longer than reading the cell.
 *
 * If `inPlace` is true, related rows within the cell are changed in place.
 */
export type ReadCell = (cell: JsonValue | undefined, row: number, inPlace: boolean) => unknown

/** A selected value of a row: its name, its node in the document, and how to read it. */
export interface Selected {
  /** The name of the value in the row. */
  readonly key: string
  readonly node: FieldNode
  readonly read: ReadCell
  /** Whether null is an ordinary value, as in JSON. */
  readonly isJson: boolean
  /**
   * The `parseExact` of the cell's scalar, or the cells of the related rows that must keep all
   * digits.
   */
  readonly exact: ExactCells[string] | undefined
  /**
   * The decoder of the cell's scalar, or the selection of related rows. `undefined` if nothing is
   * known about the value.
   */
  readonly of?: Decode<unknown> | Within | undefined
}

/**
 * The selection of related rows. `readerOf` makes a reader for this selection, or for a selection
 * that a step has changed.
 */
export interface Within {
  readonly selected: ReadonlyArray<Selected>
  readonly readerOf: (selected: ReadonlyArray<Selected>) => ReadCell
}

/** Changes the result of a `ReadCell` to an Either. The caller specifies the type of the value. */
export const toEither = <A>(value: A | DecodeError): Either.Either<A, DecodeError> =>
  value instanceof DecodeError ? Either.left(value) : Either.right(value)

export const cellReader = (table: string, name: string, column: Column.Any): ReadCell => {
  const { isNullable, scalar } = column
  const read = readOf(scalar.decode)
  return (cell, row) => {
    if (cell === null && isNullable) return null
    const value = read?.(cell)
    if (value !== undefined) return value
    const decoded = cell === undefined ? Either.left("the column") : scalar.decode(cell)
    return Either.isRight(decoded)
      ? decoded.right
      : wrongValue(table, name, column, decoded.left, cell, row)
  }
}

/** The facts about a column that a message contains. */
export interface Described extends Pick<Column.Any, "evidence" | "isNullable"> {
  readonly scalar: { readonly name: string }
}

export const wrongValue = (
  table: string,
  name: string,
  column: Described,
  expected: string,
  cell: JsonValue | undefined,
  row: number
): DecodeError =>
  showing(
    new DecodeError({
      reason: "WrongValue",
      problem: `${table}.${name} of row ${row} is ${shorten(cell)}, expected ${expected}`,
      hint: `The catalogue declares the column as ${column.scalar.name}, ${column.isNullable ? "nullable" : "never null"} (${column.evidence}). If the server's type differs, define a Table with the server's type`,
      table,
      row,
      column: name,
      expected,
      found: shorten(cell)
    }),
    cell
  )

/** Applies the steps of a query, in their order, to the selected values. */
export const decodeSelected = (
  selected: ReadonlyArray<Selected>,
  {
    decoders,
    isRaw,
    table
  }: {
    readonly decoders: ReadonlyArray<Step>
    readonly isRaw: boolean
    readonly table: Table.Any
  }
): Either.Either<ReadonlyArray<Selected>, QueryError> => {
  const byKey = new Map(selected.map((value) => [value.key, value]))
  for (const step of decoders) {
    const wrong = step.apply(byKey, table, isRaw)
    if (wrong !== undefined) return Either.left(wrong)
  }
  return Either.right([...byKey.values()])
}

/**
 * A change to the values of a row. `Query.decode` adds a step for each Schema, which decodes one
 * value. `Query.plain` adds a step that makes all values plain. A query holds a reference to its
 * steps, so bundles without such queries do not contain the code of the steps.
 */
export interface Step {
  readonly _tag: "Schema" | "Plain"
  /** The name of the value that a Schema reads. */
  readonly name?: string
  /**
   * Changes the values in `byKey`, which are keyed by their names in the row. Returns an error if
   * the change is not possible.
   */
  readonly apply: (
    byKey: Map<string, Selected>,
    table: Table.Any,
    isRaw: boolean
  ) => QueryError | undefined
}
