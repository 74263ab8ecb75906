/** One period of a series: made from a value, made from a gap, and made from others. */
import type { Simple } from "../../Metric.js"
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

/** What becomes a part of another bucket. */
export interface Part {
  readonly bucket: Bucket
  /** How much its value counts in a weighted mean; null where that is not known. */
  readonly weight: number | null
  /** How large a part it is, in the unit of the whole. */
  readonly extent: number
}

/**
 * One bucket of several. Its coverage is that of its parts; parts without a value add none. A part
 * that weighs nothing counts as measured without a value: it would not change the mean.
 */
export const combine = (
  interval: Interval,
  how: Exclude<Simple, "never"> | "weightedMean",
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
      // The running mean: no sum that grows out of range, and equal values keep their mean to the
      // last digit.
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

/** What can still come is named first, then what can be asked for, then what is lost. */
const reasonOf = (parts: ReadonlyArray<Part>): GapReason =>
  (["NotPublished", "NotPermitted"] as const).find((reason) =>
    parts.some(({ bucket }) => bucket._tag === reason)
  ) ?? "NotMeasured"

export const duration = ({ start, end }: Interval): number => end.epochMillis - start.epochMillis
