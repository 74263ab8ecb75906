/** Summarizes a series in a few numbers. */
import type * as Series from "@innerspace-metrics/core/Series"

type Valued = Extract<Series.Bucket, { readonly value: number }>

export interface Summary {
  /**
   * One value for all periods of the series. For peaks it is the largest peak. For means it is the
   * mean, weighted by duration and coverage. Undefined if there are no values.
   */
  readonly value: number | undefined
  /** The period with the largest value. */
  readonly busiest: Valued | undefined
  /** How many published periods have a value. */
  readonly measured: number
  readonly published: number
}

export const summarize = (series: Series.Series): Summary => {
  const valued = series.buckets.filter(isValued)
  const busiest = valued.reduce<Valued | undefined>(
    (best, bucket) => (best === undefined || bucket.value > best.value ? bucket : best),
    undefined
  )
  return {
    value:
      busiest === undefined
        ? undefined
        : series.metric.overTime === "max"
          ? busiest.value
          : meanOverTime(valued),
    busiest,
    measured: valued.length,
    published: series.buckets.filter(({ _tag }) => _tag !== "NotPublished").length
  }
}

export const isValued = (bucket: Series.Bucket): bucket is Valued =>
  bucket._tag === "Measured" || bucket._tag === "Zero"

const meanOverTime = (valued: ReadonlyArray<Valued>): number => {
  const weight = (bucket: Valued) =>
    (bucket.end.epochMillis - bucket.start.epochMillis) * bucket.coverage
  const sum = valued.reduce((total, bucket) => total + bucket.value * weight(bucket), 0)
  return sum / valued.reduce((total, bucket) => total + weight(bucket), 0)
}

/** Whether there is at least one series, and no period of any series has been published yet. */
export const isAllUnpublished = (series: ReadonlyArray<Series.Series>): boolean =>
  series.length > 0 &&
  series.every(({ buckets }) => buckets.every(({ _tag }) => _tag === "NotPublished"))

/** Returns the runs of consecutive buckets that have no value for the same reason. */
export const gapsOf = (series: Series.Series): ReadonlyArray<GapRun> => {
  const runs: Array<{ reason: Series.GapReason; start: Series.Bucket; end: Series.Bucket }> = []
  let previous: Series.Bucket | undefined
  for (const bucket of series.buckets) {
    if (!isValued(bucket)) {
      const last = runs.at(-1)
      if (last !== undefined && last.end === previous && last.reason === bucket._tag)
        last.end = bucket
      else runs.push({ reason: bucket._tag, start: bucket, end: bucket })
    }
    previous = bucket
  }
  return runs.map(({ reason, start, end }) => ({
    reason,
    start: start.start.epochMillis,
    end: end.end.epochMillis
  }))
}

export interface GapRun {
  readonly reason: Series.GapReason
  /** The start, in milliseconds since the epoch. */
  readonly start: number
  readonly end: number
}
