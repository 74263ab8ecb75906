/**
 * Makes buckets. A bucket is one period of a series, with its value or the reason why it has no
 * value.
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

/** One of the buckets that `combine` combines into a longer period or a larger space. */
export interface Part {
  readonly bucket: Bucket
  /** The weight of the bucket in a weighted mean. Null if the weight is not known. */
  readonly weight: number | null
  /** The size of the bucket, in the same unit as the parameter `whole` of `combine`. */
  readonly extent: number
}

/**
 * Combines several buckets (`parts`) into one. The coverage of the result is the share of `whole`
 * that is covered by parts with a value. A part with a weight of 0 counts as covered even if it has
 * no value, because its value would not change the mean.
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
      // The mean is updated with each value, because a sum of all values could overflow. In
      // addition, the mean of equal values is then exactly this value.
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
 * The reason of a bucket whose parts all have no value. The result is `NotPublished` if any part is
 * `NotPublished`, because the value of this part may still be published. Otherwise, the result is
 * `NotPermitted` if any part is `NotPermitted`, because the value of this part may be permitted
 * later.
 */
const reasonOf = (parts: ReadonlyArray<Part>): GapReason =>
  (["NotPublished", "NotPermitted"] as const).find((reason) =>
    parts.some(({ bucket }) => bucket._tag === reason)
  ) ?? "NotMeasured"

export const duration = ({ start, end }: Interval): number => end.epochMillis - start.epochMillis
