/** Marks values of this package, so that any other object is recognized. */
export const TargetTypeId: unique symbol = Symbol.for("@innerspace-metrics/export/Target")

export const DatasetTypeId: unique symbol = Symbol.for("@innerspace-metrics/export/Dataset")
