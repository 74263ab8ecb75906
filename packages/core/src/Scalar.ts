/**
 * The scalar types of the API: which operators a column of each has, how a value goes out and how it comes back.
 *
 * The operators are those of Hasura v2 on PostgreSQL for the type, and no others
 * (https://hasura.io/docs/latest/api-reference/graphql-api/query/).
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import type * as Types from "effect/Types"
import * as decode from "./internal/decodeCell.js"
import * as encode from "./internal/encodeValue.js"
import type { JsonValue } from "./JsonValue.js"
import type { TimeRange } from "./TimeRange.js"

/**
 * Marks a `Scalar`.
 *
 * @example
 * ```ts
 * import { Scalar } from "@innerspace-metrics/core"
 *
 * const isScalar = (value: object): value is Scalar.Any => Scalar.TypeId in value
 * ```
 */
export const TypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Scalar")

/** Marks a `Scalar`. */
export type TypeId = typeof TypeId

/**
 * A scalar type of the API, as a value. `Decoded` is what a cell becomes, `Filter` what `where` takes for a column of it.
 */
export interface Scalar<out Decoded, in Filter> {
  readonly [TypeId]: {
    readonly _Decoded: Types.Covariant<Decoded>
    readonly _Filter: Types.Contravariant<Filter>
  }
  /** The type's name in the GraphQL schema. Variables are declared with it, and the server compares it letter by letter. */
  readonly name: string
  readonly operators: Operators
  /** A cell that is not null. Left says what was expected. */
  readonly decode: (cell: JsonValue) => Either.Either<Decoded, string>
}

/** Operators by name: each with the GraphQL type of its argument. */
export interface Operators {
  readonly [name: string]: Argument
}

/** What an operator takes. */
export interface Argument {
  /** Name of the scalar that the argument is of. */
  readonly type: string
  /** Whether the argument is a list of that scalar. */
  readonly isList: boolean
  /** The JSON that is sent for a value. Left says what was expected. */
  readonly encode: (value: unknown) => Either.Either<JsonValue, string>
}

/** Operators of every type. */
export interface EqualityOperators<Value> {
  readonly _eq?: Value
  readonly _neq?: Value
  readonly _in?: ReadonlyArray<Value>
  readonly _nin?: ReadonlyArray<Value>
  /** The only test for null: a comparison with null is refused. */
  readonly _is_null?: boolean
}

/** Operators of every type that has an order. */
export interface OrderOperators<Value> extends EqualityOperators<Value> {
  readonly _gt?: Value
  readonly _gte?: Value
  readonly _lt?: Value
  readonly _lte?: Value
}

/** Operators of text. */
export interface TextOperators<Value> extends OrderOperators<Value> {
  readonly _like?: string
  readonly _nlike?: string
  readonly _ilike?: string
  readonly _nilike?: string
  readonly _similar?: string
  readonly _nsimilar?: string
  readonly _regex?: string
  readonly _nregex?: string
  readonly _iregex?: string
  readonly _niregex?: string
}

/** Operators of `jsonb`. */
export interface JsonbOperators extends OrderOperators<JsonValue> {
  readonly _contains?: JsonValue
  readonly _contained_in?: JsonValue
  readonly _has_key?: string
  readonly _has_keys_any?: ReadonlyArray<string>
  readonly _has_keys_all?: ReadonlyArray<string>
}

/** Filter of an integer or floating-point column: a value, a list of values (any of them), or operators. */
export type NumberFilter = number | ReadonlyArray<number> | OrderOperators<number>

/** Filter of a text column. */
export type TextFilter<Value extends string = string> =
  | Value
  | ReadonlyArray<Value>
  | TextOperators<Value>

/** Filter of a boolean column. */
export type BooleanFilter = boolean | OrderOperators<boolean>

/** What can be sent for a `bigint`. A `number` has to be a safe integer. */
export type BigintInput = bigint | number

/** Filter of a `bigint` column. */
export type BigintFilter = BigintInput | ReadonlyArray<BigintInput> | OrderOperators<BigintInput>

/** What can be sent for a `numeric`. */
export type NumericInput = BigDecimal.BigDecimal | bigint | number

/** Filter of a `numeric` column. */
export type NumericFilter =
  | NumericInput
  | ReadonlyArray<NumericInput>
  | OrderOperators<NumericInput>

/** What can be sent for a `timestamptz`. Text is not taken: it leaves the zone open. */
export type TimestampInput = DateTime.DateTime | globalThis.Date

/** Filter of a `timestamptz` column; a `TimeRange` means from its start up to, and without, its end. */
export type TimestampFilter =
  | TimestampInput
  | TimeRange
  | ReadonlyArray<TimestampInput>
  | OrderOperators<TimestampInput>

/** Filter of a `jsonb` column: operators only, for a plain object could be either. */
export type JsonbFilter = JsonbOperators

/** Any scalar. */
export type Any = Scalar<unknown, never>

const make = <Decoded, Filter>(
  name: string,
  decode: (cell: JsonValue) => Either.Either<Decoded, string>,
  operators: Operators
): Scalar<Decoded, Filter> => ({
  [TypeId]: { _Decoded: (_: never) => _, _Filter: (_: unknown) => undefined },
  name,
  operators,
  decode
})

const one = (type: string, encodeOne: encode.Encode): Argument => ({
  type,
  isList: false,
  encode: encodeOne
})

const many = (type: string, encodeOne: encode.Encode): Argument => ({
  type,
  isList: true,
  encode: (value) =>
    Array.isArray(value)
      ? Either.all(value.map((element) => encodeOne(element)))
      : Either.left(`a list of values of type ${type}`)
})

const equality = (type: string, encodeOne: encode.Encode): Operators => ({
  _eq: one(type, encodeOne),
  _neq: one(type, encodeOne),
  _in: many(type, encodeOne),
  _nin: many(type, encodeOne),
  _is_null: one("Boolean", encode.boolean)
})

const order = (type: string, encodeOne: encode.Encode): Operators => ({
  ...equality(type, encodeOne),
  _gt: one(type, encodeOne),
  _gte: one(type, encodeOne),
  _lt: one(type, encodeOne),
  _lte: one(type, encodeOne)
})

const text = (type: string, encodeOne: encode.Encode): Operators => ({
  ...order(type, encodeOne),
  _like: one("String", encode.string),
  _nlike: one("String", encode.string),
  _ilike: one("String", encode.string),
  _nilike: one("String", encode.string),
  _similar: one("String", encode.string),
  _nsimilar: one("String", encode.string),
  _regex: one("String", encode.string),
  _nregex: one("String", encode.string),
  _iregex: one("String", encode.string),
  _niregex: one("String", encode.string)
})

/**
 * PostgreSQL `integer`: 32 bits.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const floor_id = Column.assumed(Scalar.Int, "seen in the live schema")
 * ```
 */
export const Int: Scalar<number, NumberFilter> = make(
  "Int",
  decode.integer,
  order("Int", encode.int32)
)

/**
 * PostgreSQL `bigint`: 64 bits, sent as text, read from text or number.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { device_count: { _gt: 10n } }
 * const device_count = Column.assumed(Scalar.bigint, "seen in the live schema")
 * ```
 */
export const bigint: Scalar<bigint, BigintFilter> = make(
  "bigint",
  decode.bigint,
  order("bigint", encode.bigint)
)

/**
 * PostgreSQL `numeric`: exact, sent as text, read from text or number.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // A cell is a BigDecimal.
 * const area = Column.assumed(Scalar.numeric, "seen in the live schema")
 * ```
 */
export const numeric: Scalar<BigDecimal.BigDecimal, NumericFilter> = make(
  "numeric",
  decode.numeric,
  order("numeric", encode.numeric)
)

/**
 * PostgreSQL `double precision`, read from number or text.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const metric_value = Column.nullable(Column.assumed(Scalar.float8, "seen in the live schema"))
 * ```
 */
export const float8: Scalar<number, NumberFilter> = make(
  "float8",
  decode.float,
  order("float8", encode.finite)
)

/**
 * PostgreSQL `real`, and GraphQL's own `Float`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const OCCUPANCY_MEAN = Column.nullable(Column.assumed(Scalar.Float, "seen in the live schema"))
 * ```
 */
export const Float: Scalar<number, NumberFilter> = make(
  "Float",
  decode.float,
  order("Float", encode.finite)
)

/**
 * PostgreSQL `boolean`; false is less than true.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const is_closed = Column.assumed(Scalar.Boolean, "seen in the live schema")
 * ```
 */
export const Boolean: Scalar<boolean, BooleanFilter> = make(
  "Boolean",
  decode.boolean,
  order("Boolean", encode.boolean)
)

/**
 * PostgreSQL `text` and `varchar`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { zone_name: { _ilike: "%meeting%" } }
 * const zone_name = Column.assumed(Scalar.String, "seen in the live schema")
 * ```
 */
export const String: Scalar<string, TextFilter> = make(
  "String",
  decode.string,
  text("String", encode.string)
)

/**
 * PostgreSQL `timestamptz`: sent in UTC, read in any of the text forms that PostgreSQL and Hasura write.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { updated_at: { _gte: new Date("2024-01-01T00:00:00Z") } }
 * const updated_at = Column.assumed(Scalar.timestamptz, "seen in the live schema")
 * ```
 */
export const timestamptz: Scalar<DateTime.Utc, TimestampFilter> = make(
  "timestamptz",
  decode.timestamp,
  order("timestamptz", encode.timestamp)
)

/**
 * PostgreSQL `jsonb`: any JSON.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { feature_value: { _has_key: "3" } }
 * const feature_value = Column.assumed(Scalar.jsonb, "seen in the live schema")
 * ```
 */
export const jsonb: Scalar<JsonValue, JsonbFilter> = make("jsonb", decode.json, {
  ...order("jsonb", encode.json),
  _contains: one("jsonb", encode.json),
  _contained_in: one("jsonb", encode.json),
  _has_key: one("String", encode.string),
  _has_keys_any: many("String", encode.string),
  _has_keys_all: many("String", encode.string)
})
