/** What marks the values of public modules, for other modules to know them by. */
export const ColumnTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Column")

export const RelationshipTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Relationship")

export const ScalarTypeId: unique symbol = Symbol.for("@innerspace-metrics/core/Scalar")
