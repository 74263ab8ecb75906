/**
 * Filters: what `where` accepts for a column, by the column's type.
 *
 * Each type has the operators of Hasura v2 on PostgreSQL, and no others
 * (https://hasura.io/docs/latest/api-reference/graphql-api/query/).
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type { JsonValue } from "./JsonValue.js"
import type { PlainNumber } from "./Plain.js"
import type { LocalDate, TimeRange } from "./TimeRange.js"

/** Operators of every type. */
export interface EqualityOperators<Value> {
  readonly _eq?: Value
  readonly _neq?: Value
  readonly _in?: ReadonlyArray<Value>
  readonly _nin?: ReadonlyArray<Value>
  /** The only test for null: a comparison with null is rejected. */
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
export interface JsonbFilter extends OrderOperators<JsonValue> {
  readonly _contains?: JsonValue
  readonly _contained_in?: JsonValue
  readonly _has_key?: string
  readonly _has_keys_any?: ReadonlyArray<string>
  readonly _has_keys_all?: ReadonlyArray<string>
  readonly _cast?: { readonly String: TextOperators<string> }
}

/** Operators of arrays. */
export interface ArrayOperators<Element> extends OrderOperators<ReadonlyArray<Element>> {
  readonly _contains?: ReadonlyArray<Element>
  readonly _contained_in?: ReadonlyArray<Element>
}

/** Operators of `ltree`. */
export interface LtreeOperators extends OrderOperators<string> {
  readonly _ancestor?: string
  readonly _ancestor_any?: ReadonlyArray<string>
  readonly _descendant?: string
  readonly _descendant_any?: ReadonlyArray<string>
  readonly _matches?: string
  readonly _matches_any?: ReadonlyArray<string>
  readonly _matches_fulltext?: string
}

/**
 * Filter of an integer or floating-point column: a value, a list of values of which one must match,
 * or operators.
 */
export type NumberFilter = number | ReadonlyArray<number> | OrderOperators<number>

/** Filter of a text column. */
export type TextFilter<Value extends string = string> =
  | Value
  | ReadonlyArray<Value>
  | TextOperators<Value>

/** Filter of a boolean column. */
export type BooleanFilter = boolean | OrderOperators<boolean>

/**
 * Values accepted for a `bigint`, including the values that a promise client returns. A `number`
 * must be a safe integer. A string must be the text of an integer.
 */
type BigintInput = bigint | PlainNumber

/** Filter of a `bigint` column. */
export type BigintFilter = BigintInput | ReadonlyArray<BigintInput> | OrderOperators<BigintInput>

/** Values accepted for a `numeric`, including the values that a promise client returns. */
type NumericInput = BigDecimal.BigDecimal | bigint | PlainNumber

/** Filter of a `numeric` column. */
export type NumericFilter =
  | NumericInput
  | ReadonlyArray<NumericInput>
  | OrderOperators<NumericInput>

/** Values accepted for a `timestamptz`. Text is rejected, because it may lack a time zone. */
type TimestampInput = DateTime.DateTime | globalThis.Date

/** Filter of a `timestamptz` column. A `TimeRange` includes its start and excludes its end. */
export type TimestampFilter =
  | TimestampInput
  | TimeRange
  | ReadonlyArray<TimestampInput>
  | OrderOperators<TimestampInput>

/**
 * Filter of a `date` column: dates as `2024-01-31`. A `TimeRange` must be made in a zone, and
 * matches the dates that it covers in this zone.
 */
export type DateFilter =
  | LocalDate
  | ReadonlyArray<LocalDate>
  | OrderOperators<LocalDate>
  | TimeRange

/**
 * Filter of a column that holds days as the integer YYYYMMDD. A `TimeRange` must be made in a zone,
 * and matches the days that it covers in this zone.
 */
export type DatePartitionFilter = NumberFilter | TimeRange

/** Filter of an enum column. Enum values have no order. */
export type EnumFilter<Value extends string> =
  | Value
  | ReadonlyArray<Value>
  | EqualityOperators<Value>

/**
 * A geometry as GeoJSON (RFC 7946, section 3.1). PostGIS adds the member `crs` to the values that
 * it returns.
 */
export interface GeoJson {
  readonly [member: string]: JsonValue
  readonly type:
    | "Point"
    | "MultiPoint"
    | "LineString"
    | "MultiLineString"
    | "Polygon"
    | "MultiPolygon"
    | "GeometryCollection"
}

/** Operators of `geometry`. Distances are in the unit of the column's coordinates. */
interface GeometryOperators extends OrderOperators<GeoJson> {
  readonly _st_contains?: GeoJson
  readonly _st_crosses?: GeoJson
  /** The geometries are equal, regardless of the order in which their points are listed. */
  readonly _st_equals?: GeoJson
  readonly _st_intersects?: GeoJson
  /** The geometries intersect, and neither geometry contains the other. */
  readonly _st_overlaps?: GeoJson
  readonly _st_touches?: GeoJson
  readonly _st_within?: GeoJson
  readonly _st_d_within?: { readonly distance: number; readonly from: GeoJson }
  readonly _st_3d_intersects?: GeoJson
  readonly _st_3d_d_within?: { readonly distance: number; readonly from: GeoJson }
}

/** Operators of `geography`. Distances are in metres. */
interface GeographyOperators extends OrderOperators<GeoJson> {
  readonly _st_intersects?: GeoJson
  readonly _st_d_within?: {
    readonly distance: number
    readonly from: GeoJson
    /**
     * If true, the distance is measured on a spheroid. If false, it is measured on a sphere, which
     * is faster.
     */
    readonly use_spheroid?: boolean
  }
}

/** Filter of a `geometry` column. Like the filter of `jsonb`, it accepts only operators. */
export interface GeometryFilter extends GeometryOperators {
  readonly _cast?: { readonly geography: GeographyOperators }
}

/** Filter of a `geography` column. Like the filter of `jsonb`, it accepts only operators. */
export interface GeographyFilter extends GeographyOperators {
  readonly _cast?: { readonly geometry: GeometryOperators }
}
