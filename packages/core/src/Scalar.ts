/**
 * The scalar types of the API. A scalar has the operators of a column, encodes values, and decodes
 * cells.
 *
 * Each type has the operators of Hasura v2 on PostgreSQL, and no others
 * (https://hasura.io/docs/latest/api-reference/graphql-api/query/).
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import type * as Types from "effect/Types"
import type {
  ArrayOperators,
  BigintFilter,
  BooleanFilter,
  DateFilter,
  DatePartitionFilter,
  EnumFilter,
  GeographyFilter,
  GeoJson,
  GeometryFilter,
  JsonbFilter,
  LtreeOperators,
  NumberFilter,
  NumericFilter,
  OrderOperators,
  TextFilter,
  TimestampFilter
} from "./Filter.js"
import type { Operators } from "./internal/scalar/argument.js"
import * as decode from "./internal/scalar/decode.js"
import * as encode from "./internal/scalar/encode.js"
import { parseExact, parseExactIntegers } from "./internal/scalar/exactNumbers.js"
import * as operators from "./internal/scalar/operators.js"
import type { Span } from "./internal/scalar/span.js"
import * as spatial from "./internal/scalar/spatial.js"
import { ScalarTypeId as TypeId } from "./internal/typeIds.js"
import { isJsonArray, type JsonValue } from "./JsonValue.js"
import type { LocalDate } from "./TimeRange.js"

/**
 * A scalar type of the API, as a value. `Decoded` is the type of a decoded cell, and `Filter` is
 * the type that `where` accepts for a column of this scalar.
 */
export interface Scalar<out Decoded, in Filter> {
  readonly [TypeId]: {
    readonly _Decoded: Types.Covariant<Decoded>
    readonly _Filter: Types.Contravariant<Filter>
  }
  /**
   * The type's name in the GraphQL schema. Variables are declared with this name, and the server
   * compares the name exactly.
   */
  readonly name: string
  readonly operators: Operators
  /**
   * Returns the operators to which a `TimeRange` is converted. On failure, Left describes the
   * expected value. Without this function, the type does not accept a `TimeRange`.
   */
  readonly range?: (span: Span) => Either.Either<{ readonly [operator: string]: unknown }, string>
  /** Decodes a cell that is not null. On failure, Left describes the expected value. */
  readonly decode: (cell: JsonValue) => Either.Either<Decoded, string>
  /** The known values of an enumeration. */
  readonly values?: ReadonlyArray<string>
  /**
   * The known values of a column that holds names. A query that filters by another name is sent,
   * but logs a warning.
   */
  readonly names?: ReadonlyArray<string>
  /**
   * Parses the text of a response. If a double cannot hold a number exactly, the number becomes a
   * string. Returns `undefined` if the text has no such number. Only types with such numbers need
   * this function.
   */
  readonly parseExact?: (text: string) => JsonValue | undefined
}

/** Any scalar. */
export type Any = Scalar<unknown, never>

/**
 * Defines a scalar type that this library does not have.
 *
 * @example
 * ```ts
 * import { Scalar } from "@innerspace-metrics/core"
 * import * as Either from "effect/Either"
 *
 * // A query can select a column of this type, but cannot filter by it.
 * const money: Scalar.Scalar<string, never> = Scalar.make({
 *   name: "money",
 *   operators: {},
 *   decode: (cell) =>
 *     typeof cell === "string" ? Either.right(cell) : Either.left("an amount as text")
 * })
 * ```
 */
export const make = <Decoded, Filter>(parts: Parts<Decoded>): Scalar<Decoded, Filter> => ({
  [TypeId]: { _Decoded: (_: never) => _, _Filter: (_: unknown) => undefined },
  ...parts
})

/** The parts of a scalar. */
interface Parts<Decoded> {
  readonly name: string
  readonly operators: Operators
  readonly decode: (cell: JsonValue) => Either.Either<Decoded, string>
  readonly range?: NonNullable<Any["range"]>
  readonly values?: ReadonlyArray<string>
  readonly names?: ReadonlyArray<string>
  readonly parseExact?: NonNullable<Any["parseExact"]>
}

/** Filter of a column whose text has a fixed format, such as `uuid` or `time`. */
type FormattedText = string | ReadonlyArray<string> | OrderOperators<string>

// A bundler drops an unused call that is marked pure, but keeps the arguments of the call, even a
// property access such as `decode.integer`. The arguments are therefore made inside a function.
const shipped = <Decoded, Filter>(parts: () => Parts<Decoded>): Scalar<Decoded, Filter> =>
  make(parts())

/**
 * PostgreSQL `integer`: 32 bits.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const floor_id = Column.observed(Scalar.Int, "the live schema")
 * ```
 */
export const Int: Scalar<number, NumberFilter> = /* @__PURE__ */ shipped(() => ({
  name: "Int",
  decode: decode.integer,
  operators: operators.order("Int", encode.int32)
}))

/**
 * PostgreSQL `bigint`: 64 bits. It is sent as text, and read from text or from a number. A client
 * reads all digits of the number. `Operation.decode` receives numbers that `JSON.parse` may already
 * have rounded, so it fails with a `DecodeError` for a number that is not a safe integer.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { device_count: { _gt: 10n } }
 * const device_count = Column.observed(Scalar.bigint, "the live schema")
 * ```
 */
export const bigint: Scalar<bigint, BigintFilter> = /* @__PURE__ */ shipped(() => ({
  name: "bigint",
  decode: decode.bigint,
  parseExact: parseExactIntegers,
  operators: operators.order("bigint", encode.bigint)
}))

/**
 * PostgreSQL `numeric`: exact decimals. It is sent as text, and read from text or from a number. A
 * client reads all digits of the number. `Operation.decode` receives numbers that `JSON.parse` may
 * already have rounded, so it fails with a `DecodeError` for a number of more than 15 digits.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // A cell is a BigDecimal.
 * const area = Column.observed(Scalar.numeric, "the live schema")
 * ```
 */
export const numeric: Scalar<BigDecimal.BigDecimal, NumericFilter> = /* @__PURE__ */ shipped(
  () => ({
    name: "numeric",
    decode: decode.numeric,
    parseExact,
    operators: operators.order("numeric", encode.numeric)
  })
)

/**
 * PostgreSQL `double precision`, read from a number or from text.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const metric_value = Column.nullable(Column.observed(Scalar.float8, "the live schema"))
 * ```
 */
export const float8: Scalar<number, NumberFilter> = /* @__PURE__ */ shipped(() => ({
  name: "float8",
  decode: decode.float,
  operators: operators.order("float8", encode.finite)
}))

/**
 * PostgreSQL `real`, and GraphQL's own `Float`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const OCCUPANCY_MEAN = Column.nullable(Column.observed(Scalar.Float, "the live schema"))
 * ```
 */
export const Float: Scalar<number, NumberFilter> = /* @__PURE__ */ shipped(() => ({
  name: "Float",
  decode: decode.float,
  operators: operators.order("Float", encode.finite)
}))

/**
 * PostgreSQL `boolean`; false is less than true.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const is_closed = Column.observed(Scalar.Boolean, "the live schema")
 * ```
 */
export const Boolean: Scalar<boolean, BooleanFilter> = /* @__PURE__ */ shipped(() => ({
  name: "Boolean",
  decode: decode.boolean,
  operators: operators.order("Boolean", encode.boolean)
}))

/**
 * PostgreSQL `text` and `varchar`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { zone_name: { _ilike: "%meeting%" } }
 * const zone_name = Column.observed(Scalar.String, "the live schema")
 * ```
 */
export const String: Scalar<string, TextFilter> = /* @__PURE__ */ shipped(() => ({
  name: "String",
  decode: decode.string,
  operators: operators.text("String", encode.string)
}))

/**
 * PostgreSQL `timestamptz`: a point in time. A value is sent in UTC. A cell can have any of the
 * text forms that PostgreSQL and Hasura write.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { updated_at: { _gte: new Date("2024-01-01T00:00:00Z") } }
 * const updated_at = Column.observed(Scalar.timestamptz, "the live schema")
 * ```
 */
export const timestamptz: Scalar<DateTime.Utc, TimestampFilter> = /* @__PURE__ */ shipped(() => ({
  name: "timestamptz",
  decode: decode.timestamp,
  operators: operators.order("timestamptz", encode.timestamp),
  range: ({ start, end }) => Either.right({ _gte: start, _lt: end })
}))

/**
 * PostgreSQL `jsonb`: any JSON.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { feature_value: { _has_key: "3" } }
 * const feature_value = Column.observed(Scalar.jsonb, "the live schema")
 * ```
 */
export const jsonb: Scalar<JsonValue, JsonbFilter> = /* @__PURE__ */ shipped(() => ({
  name: "jsonb",
  decode: decode.json,
  operators: operators.jsonb()
}))

/**
 * PostgreSQL `smallint`: 16 bits.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const level = Column.observed(Scalar.smallint, "the live schema")
 * ```
 */
export const smallint: Scalar<number, NumberFilter> = /* @__PURE__ */ shipped(() => ({
  name: "smallint",
  decode: decode.integer,
  operators: operators.order("smallint", encode.int16)
}))

/**
 * PostgreSQL `uuid`: lower case, with dashes. It has no text operators.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const device_id = Column.observed(Scalar.uuid, "the live schema")
 * ```
 */
export const uuid: Scalar<string, FormattedText> = /* @__PURE__ */ shipped(() => ({
  name: "uuid",
  decode: decode.string,
  operators: operators.order("uuid", encode.string)
}))

/**
 * PostgreSQL `date`: a calendar date as `2024-01-31`, without a time zone.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { opened_on: TimeRange.month("2024-03", "America/Chicago") }
 * const opened_on = Column.observed(Scalar.date, "the live schema")
 * ```
 */
export const date: Scalar<LocalDate, DateFilter> = /* @__PURE__ */ shipped(() => ({
  name: "date",
  decode: decode.date,
  operators: operators.order("date", encode.date),
  range: ({ dates }) =>
    dates === undefined
      ? Either.left(zoneNeeded)
      : Either.right({ _gte: dates.first, _lte: dates.last })
}))

/**
 * PostgreSQL `timestamp`: date and time without a time zone, as text such as `2024-01-31T08:30:00`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const opened_at = Column.observed(Scalar.timestamp, "the live schema")
 * ```
 */
export const timestamp: Scalar<string, FormattedText> = /* @__PURE__ */ shipped(() => ({
  name: "timestamp",
  decode: decode.string,
  operators: operators.order("timestamp", encode.string)
}))

/**
 * PostgreSQL `time`: a time of day without a time zone, as text such as `08:30:00`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const opens = Column.observed(Scalar.time, "the live schema")
 * ```
 */
export const time: Scalar<string, FormattedText> = /* @__PURE__ */ shipped(() => ({
  name: "time",
  decode: decode.string,
  operators: operators.order("time", encode.string)
}))

/**
 * PostgreSQL `timetz`: a time of day with an offset, as text such as `08:30:00+00`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const opens = Column.observed(Scalar.timetz, "the live schema")
 * ```
 */
export const timetz: Scalar<string, FormattedText> = /* @__PURE__ */ shipped(() => ({
  name: "timetz",
  decode: decode.string,
  operators: operators.order("timetz", encode.string)
}))

/**
 * PostgreSQL `citext`: text that is compared without regard to case.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const email = Column.observed(Scalar.citext, "the live schema")
 * ```
 */
export const citext: Scalar<string, TextFilter> = /* @__PURE__ */ shipped(() => ({
  name: "citext",
  decode: decode.string,
  operators: operators.text("citext", encode.string)
}))

/**
 * PostgreSQL `char(n)`: text of a fixed length, padded with spaces.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const code = Column.observed(Scalar.bpchar, "the live schema")
 * ```
 */
export const bpchar: Scalar<string, TextFilter> = /* @__PURE__ */ shipped(() => ({
  name: "bpchar",
  decode: decode.string,
  operators: operators.text("bpchar", encode.string)
}))

/**
 * PostgreSQL `ltree`: a path of labels, such as `site.floor.zone`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const path = Column.observed(Scalar.ltree, "the live schema")
 * ```
 */
export const ltree: Scalar<string, FormattedText | LtreeOperators> = /* @__PURE__ */ shipped(
  () => ({
    name: "ltree",
    decode: decode.string,
    operators: operators.ltree()
  })
)

/**
 * PostgreSQL `json`: any JSON. A filter can only test a `json` column for null, because PostgreSQL
 * cannot compare `json`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const settings = Column.observed(Scalar.json, "the live schema")
 * ```
 */
export const json: Scalar<JsonValue, { readonly _is_null?: boolean }> = /* @__PURE__ */ shipped(
  () => ({
    name: "json",
    decode: decode.json,
    operators: { _is_null: operators.one("Boolean", encode.boolean) }
  })
)

/**
 * PostGIS `geometry`: points, lines and areas in a plane, as GeoJSON.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { polygon: { _st_contains: { type: "Point", coordinates: [3, 4] } } }
 * const polygon = Column.assumed(Scalar.geometry, "seen in the live schema")
 * ```
 */
export const geometry: Scalar<GeoJson, GeometryFilter> = /* @__PURE__ */ shipped(() => ({
  name: "geometry",
  decode: spatial.decodeGeoJson,
  operators: spatial.geometry()
}))

/**
 * PostGIS `geography`: points, lines and areas on the globe, as GeoJSON with longitude and
 * latitude.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // const from = { type: "Point", coordinates: [-87.63, 41.88] }
 * // where: { position: { _st_d_within: { distance: 500, from } } }
 * const position = Column.assumed(Scalar.geography, "seen in the live schema")
 * ```
 */
export const geography: Scalar<GeoJson, GeographyFilter> = /* @__PURE__ */ shipped(() => ({
  name: "geography",
  decode: spatial.decodeGeoJson,
  operators: spatial.geography()
}))

/**
 * Days as the integer YYYYMMDD, for the vendor's column `DATE_PARTITION`. Its GraphQL type is
 * `Int`. A filter also accepts a `TimeRange` that was made in a zone.
 *
 * It is assumed that a value of this column is a day in the building's zone. The vendor's page on
 * dates is not public.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { DATE_PARTITION: TimeRange.week("2025-W18", "America/Chicago") }
 * const DATE_PARTITION = Column.observed(Scalar.datePartition, "the live schema")
 * ```
 */
export const datePartition: Scalar<number, DatePartitionFilter> = /* @__PURE__ */ shipped(() => ({
  name: "Int",
  decode: decode.integer,
  operators: operators.order("Int", encode.int32),
  range: ({ dates }) =>
    dates === undefined
      ? Either.left(zoneNeeded)
      : Either.right({ _gte: partition(dates.first), _lte: partition(dates.last) })
}))

const zoneNeeded = "a time range made in a zone, such as TimeRange.dates"

const partition = (date: string): number => Number(date.replaceAll("-", ""))

/**
 * Makes the scalar type of an array of another scalar, such as `text[]`.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * // where: { tags: { _contains: ["quiet"] } }
 * const tags = Column.observed(Scalar.array(Scalar.String), "the live schema")
 * ```
 */
export const array = <Decoded, Filter>(
  element: Scalar<Decoded, Filter>
): Scalar<ReadonlyArray<Decoded>, ArrayOperators<Element<Filter>>> => {
  const equal = element.operators["_eq"]
  return make({
    name: `[${element.name}!]`,
    decode: (cell) =>
      isJsonArray(cell) ? Either.all(cell.map(element.decode)) : Either.left("a list"),
    operators:
      equal === undefined || "casts" in equal ? {} : operators.array(element.name, equal.encode)
  })
}

/** The type of one value in the list of values that a filter accepts. */
type Element<Filter> = Filter extends ReadonlyArray<infer Value> ? Value : never

/**
 * One of the known strings, or a string that the server has added later. Editors complete the known
 * strings. A `switch` that has a case for each known string still needs a default case.
 */
export type Open<Value extends string> = Value | (string & {})

/**
 * Makes an enum type. A value is one of a list of names, and the names have no order. Filters
 * accept only known values. Cells can be any string, so that an app does not fail when the server
 * adds a value.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const zone_type = Column.observed(
 *   Scalar.enumeration("zone_type_enum", ["desk", "meeting_room"]),
 *   "the live schema"
 * )
 * ```
 */
export const enumeration = <const Value extends string>(
  name: string,
  values: ReadonlyArray<Value>
): Scalar<Open<Value>, EnumFilter<Value>> =>
  make({
    name,
    decode: decode.string,
    operators: operators.enumeration(name, encode.oneOf(values)),
    values
  })
