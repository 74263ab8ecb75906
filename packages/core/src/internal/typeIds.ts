/** What marks the values of public modules, for other modules to know them by. */
import type { TimeRange } from "../TimeRange.js"

export const ColumnTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Column")

export const RelationshipTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Relationship")

export const ScalarTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Scalar")

export const TimeRangeTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/TimeRange")

export const isTimeRange = (value: unknown): value is TimeRange =>
  typeof value === "object" && value !== null && TimeRangeTypeId in value
