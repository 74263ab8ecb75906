/** Marks values of this package, so that the package can recognize other objects. */
export const TargetTypeId: unique symbol = Symbol.for("@innerspace-metrics/export/Target")

export const DatasetTypeId: unique symbol = Symbol.for("@innerspace-metrics/export/Dataset")
