/**
 * Types of the Schemas that `Query.decode` accepts, and of the rows of the query that it returns.
 */
import type * as SchemaAST from "effect/SchemaAST"
import type { JsonValue } from "../../JsonValue.js"

/**
 * A Schema that decodes an `Input` and needs no service. A `Schema.Schema<A, I>` of Effect has this
 * type if its type `I` matches `Input`.
 */
export interface ValueSchema<out Input> {
  readonly Type: unknown
  readonly Encoded: Input
  readonly Context: never
  readonly ast: SchemaAST.AST
}

/** Schemas for values of a row, each under the value's name in the row. */
export type ValueSchemas<R> = { readonly [Name in keyof R]?: ValueSchema<SchemaInput<R[Name]>> }

/** The type that the compiler shows in its error if the row has no value of this name. */
export interface NotInRow<Name> {
  readonly notInRow: Name
}

/**
 * The input type of a Schema for a value. It is the type of the value without null. For JSON, it is
 * `JsonForm`.
 */
type SchemaInput<Value> = unknown extends Value
  ? unknown
  : JsonValue extends Value
    ? JsonForm
    : [Value] extends [string | null]
      ? string
      : NonNullable<Value>

/**
 * The type of a JSON value without the types of its elements and fields. A Schema can therefore
 * leave out the parts of the JSON that it does not need.
 */
type JsonForm =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<unknown>
  | { readonly [key: string]: unknown }

/** A row with some of its values decoded by Schemas. */
export type DecodedRow<R, Schemas> = {
  readonly [Name in keyof R]: Name extends keyof Schemas
    ? Schemas[Name] extends { readonly Type: infer A }
      ? A | KeptNull<R[Name]>
      : R[Name]
    : R[Name]
}

/**
 * `null` if a decoded value can still be null, otherwise `never`. Null usually means that the value
 * is missing, and is not passed to the Schema. In JSON, null is an ordinary value, which the Schema
 * decodes.
 */
type KeptNull<Value> = unknown extends Value
  ? null
  : JsonValue extends Value
    ? never
    : Extract<Value, null>

/** The result of a query, with rows of the type `Row`. */
export type DecodedAnswer<Answer, Row> = [Answer] extends [ReadonlyArray<unknown>]
  ? ReadonlyArray<Row>
  : null extends Answer
    ? Row | null
    : Row
