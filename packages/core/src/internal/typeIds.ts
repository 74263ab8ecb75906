/**
 * Symbols that are keys of the values of public modules. Other modules recognize these values by
 * the symbols.
 */
import type * as Schema from "effect/Schema"
import type { TimeRange } from "../TimeRange.js"

export const CatalogTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Catalog")

export const ColumnTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Column")

export const QueryTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Query")

export const RelationshipTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Relationship")

export const ScalarTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Scalar")

export const TimeRangeTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/TimeRange")

export const isTimeRange = (value: unknown): value is TimeRange =>
  typeof value === "object" && value !== null && TimeRangeTypeId in value

/**
 * Whether a value is a Schema of effect. `Schema.isSchema` makes the same check, but an import of
 * the module `Schema` would add the whole module to a bundle.
 */
export const isSchema = (value: unknown): value is Schema.Schema<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  Symbol.for("effect/Schema") in value
