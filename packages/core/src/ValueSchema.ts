/**
 * Schemas for values of rows, as `Query.decode` accepts them.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"

/**
 * Decodes a `numeric` as the nearest number. Fails if the number is too large to be finite.
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
