/**
 * Makes a bucket, which is one period of a series, from a value, from a gap or from other buckets.
 */
import type { Bucket, GapReason } from "../../Series.js"
import type { Interval } from "../../TimeRange.js"

export const measured = ({ start, end }: Interval, value: number, coverage: number): Bucket =>
  value === 0
    ? { _tag: "Zero", start, end, value: 0, coverage }
    : { _tag: "Measured", start, end, value, coverage }

export const gap = ({ start, end }: Interval, reason: GapReason): Bucket => ({
  _tag: reason,
  start,
  end,
  value: null,
  coverage: 0
})

/** A bucket that is a part of another bucket. */
export interface Part {
  readonly bucket: Bucket
  /** The weight of the part in a weighted mean; null if the weight is not known. */
  readonly weight: number | null
  /** The size of the part, in the unit of the whole. */
  readonly extent: number
}

/**
 * Combines several buckets into one. The coverage of the result is the share of `whole` that its
 * parts cover. A part without a value covers nothing. A part with a weight of 0 counts as covered
 * even without a value, because its value would not change the mean.
 */
export const combine = (
  interval: Interval,
  how: keyof typeof simple | "weightedMean",
  parts: ReadonlyArray<Part>,
  whole: number
): Bucket => {
  let value: number | null = null
  let weights = 0
  let covered = 0
  for (const { bucket, weight, extent } of parts) {
    if (how === "weightedMean") {
      if (weight === 0) covered += extent
      if (weight === null || weight === 0 || bucket.value === null) continue
      weights += weight
      // The mean is updated with each value. No sum can overflow, and the mean of equal values is
      // exact.
      value = value === null ? bucket.value : value + ((bucket.value - value) * weight) / weights
    } else {
      if (bucket.value === null) continue
      value = value === null ? bucket.value : simple[how](value, bucket.value)
    }
    covered += extent * bucket.coverage
  }
  return value === null
    ? gap(interval, reasonOf(parts))
    : measured(interval, value, Math.min(1, covered / whole))
}

const simple = {
  sum: (left: number, right: number) => left + right,
  max: Math.max,
  min: Math.min
} as const

/**
 * The reason of a bucket whose parts have no value. If the parts have different reasons,
 * `NotPublished` comes first, because a value may still be published. `NotPermitted` comes next,
 * because a value may be permitted later. `NotMeasured` comes last, because a value is lost.
 */
const reasonOf = (parts: ReadonlyArray<Part>): GapReason =>
  (["NotPublished", "NotPermitted"] as const).find((reason) =>
    parts.some(({ bucket }) => bucket._tag === reason)
  ) ?? "NotMeasured"

export const duration = ({ start, end }: Interval): number => end.epochMillis - start.epochMillis
