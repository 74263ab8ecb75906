/** What marks the values of public modules, for other modules to know them by. */
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

/** What `Schema.isSchema` looks for. Importing it would load all of Schema into a page. */
export const isSchema = (value: unknown): value is Schema.Schema<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  Symbol.for("effect/Schema") in value
