/**
 * Schemas for values of rows, as `Query.decode` takes them.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type { JsonValue } from "./JsonValue.js"

/**
 * A Schema that reads an `Input` and needs no service. Any `Schema.Schema<A, I>` of Effect is one,
 * if its `I` fits.
 */
export interface ValueSchema<out Input> {
  readonly Type: unknown
  readonly Encoded: Input
  readonly Context: never
  readonly ast: SchemaAST.AST
}

/** Schemas for values of a row, each by the value's name in the row. */
export type ValueSchemas<R> = { readonly [Name in keyof R]?: ValueSchema<SchemaInput<R[Name]>> }

/** What the compiler shows for a name that is not in the row. */
export interface NotInRow<Name> {
  readonly notInRow: Name
}

/** What a Schema for a value reads: the value without null, and of JSON its outermost form. */
export type SchemaInput<Value> = unknown extends Value
  ? unknown
  : JsonValue extends Value
    ? JsonForm
    : [Value] extends [string | null]
      ? string
      : NonNullable<Value>

/** Below the outermost form a Schema may leave open what it does not need. */
type JsonForm =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<unknown>
  | { readonly [key: string]: unknown }

/** A row with some of its values as Schemas read them. */
export type DecodedRow<R, Schemas> = {
  readonly [Name in keyof R]: Name extends keyof Schemas
    ? Schemas[Name] extends { readonly Type: infer A }
      ? A | KeptNull<R[Name]>
      : R[Name]
    : R[Name]
}

/**
 * Null is the want of a value, and kept; but in JSON it is a value like others, and the Schema's.
 */
type KeptNull<Value> = unknown extends Value
  ? null
  : JsonValue extends Value
    ? never
    : Extract<Value, null>

/** What a query answers whose rows have become `Row`. */
export type DecodedAnswer<Answer, Row> = [Answer] extends [ReadonlyArray<unknown>]
  ? ReadonlyArray<Row>
  : null extends Answer
    ? Row | null
    : Row

/**
 * A `numeric` as a number: the nearest that there is. Fails for one that is too large to be finite.
 *
 * @example
 * ```ts
 * import { Column, Query, Scalar, Table, ValueSchema } from "@innerspace-metrics/core"
 *
 * const zones = Table.make("zones", {
 *   name: Column.observed(Scalar.String, "the live schema"),
 *   area: Column.nullable(Column.observed(Scalar.numeric, "the live schema"))
 * })
 *
 * // ReadonlyArray<{ readonly name: string; readonly area: number | null }>
 * const areas = Query.decode(Query.from(zones, { select: ["name", "area"] }), {
 *   area: ValueSchema.NumberFromBigDecimal
 * })
 * ```
 */
export const NumberFromBigDecimal: Schema.Schema<number, BigDecimal.BigDecimal> = Schema.transform(
  Schema.BigDecimalFromSelf,
  Schema.Finite,
  { strict: true, decode: BigDecimal.unsafeToNumber, encode: BigDecimal.unsafeFromNumber }
)
