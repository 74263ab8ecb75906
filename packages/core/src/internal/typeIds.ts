/** Marks on the values of public modules. Other modules recognize the values by these marks. */
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
 * The mark that `Schema.isSchema` looks for. An import of `Schema` would load all of it into a
 * page.
 */
export const isSchema = (value: unknown): value is Schema.Schema<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  Symbol.for("effect/Schema") in value
