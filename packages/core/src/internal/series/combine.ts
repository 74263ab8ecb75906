/** Combines the buckets of a series over time, and several series over space. */
import * as Either from "effect/Either"
import type { Granularity } from "../../Granularity.js"
import type { Bucket, Series } from "../../Series.js"
import { SeriesError } from "../../SeriesError.js"
import { shorten } from "../shorten.js"
import { covering } from "../time/periods.js"
import { combine, duration, gap, measured, type Part } from "./bucket.js"

/**
 * For each granularity, the granularities whose periods consist of whole shorter periods of this
 * granularity. `P1W` has no such granularity, because a month does not consist of whole weeks.
 */
const coarser: { readonly [G in Granularity]: ReadonlyArray<Granularity> } = {
  PT15M: ["PT1H", "P1D", "P1W", "P1M"],
  PT1H: ["P1D", "P1W", "P1M"],
  P1D: ["P1W", "P1M"],
  P1W: [],
  P1M: []
}

export const overTime = (
  series: Series,
  to: Granularity,
  weights: Series | undefined
): Either.Either<ReadonlyArray<Bucket>, SeriesError> =>
  Either.gen(function* () {
    const { metric, granularity, zone } = series
    if (!coarser[granularity].includes(to)) {
      return yield* Either.left(
        new SeriesError({
          reason: "NotCoarser",
          problem: `A period of ${shorten(to)} does not consist of whole periods of ${granularity}`,
          hint:
            coarser[granularity].length === 0
              ? `Query rows with the granularity ${shorten(to)}`
              : `Roll up to one of ${coarser[granularity].join(", ")}`
        })
      )
    }
    const how = metric.overTime
    if (how === "never") {
      return yield* Either.left(
        new SeriesError({
          reason: "NotCombinable",
          problem: `${metric.name} cannot be combined over time`,
          hint: `Query rows with the granularity ${to}`
        })
      )
    }
    const parts =
      typeof how === "object" && how.weightedMean === "occupiedMinutes"
        ? yield* weightedParts(series, weights)
        : series.buckets.map((bucket) => ({
            bucket,
            weight: bucket.value === null ? null : duration(bucket) * bucket.coverage,
            extent: duration(bucket)
          }))
    const first = series.buckets[0]
    const last = series.buckets[series.buckets.length - 1]
    if (first === undefined || last === undefined) return []
    let next = 0
    return covering(first.start.epochMillis, last.end.epochMillis, to, zone).map((period) => {
      const from = next
      while (startOf(parts[next]) < period.end.epochMillis) next++
      return combine(
        period,
        typeof how === "object" ? "weightedMean" : how,
        parts.slice(from, next),
        duration(period)
      )
    })
  })

const startOf = (part: Part | undefined): number =>
  part?.bucket.start.epochMillis ?? Number.POSITIVE_INFINITY

const weightedParts = (
  series: Series,
  weights: Series | undefined
): Either.Either<ReadonlyArray<Part>, SeriesError> => {
  if (weights === undefined) {
    return Either.left(
      invalidWeight(
        `${series.metric.name} cannot be rolled up without weights`,
        "Pass the series of occupied minutes (Series.occupiedMinutes)"
      )
    )
  }
  return Either.flatMap(sameBuckets(series, weights), () => {
    const negative = weights.buckets.find(({ value }) => value !== null && value < 0)
    return negative === undefined
      ? Either.right(
          series.buckets.map((bucket, index) => ({
            bucket,
            weight: weights.buckets[index]?.value ?? null,
            extent: duration(bucket)
          }))
        )
      : Either.left(
          invalidWeight(
            `The weight of ${negative.start.toJSON()} is ${negative.value}`,
            "Weights are occupied minutes, which cannot be negative"
          )
        )
  })
}

export const overSpace = <K, S extends Series>(
  spaces: ReadonlyMap<K, S>,
  weights: ReadonlyMap<K, number> | undefined
): Either.Either<S, SeriesError> =>
  Either.gen(function* () {
    const [first, ...others] = spaces.values()
    if (first === undefined) {
      return yield* Either.left(
        new SeriesError({
          reason: "NoSeries",
          problem: "The list of series to combine is empty",
          hint: "Pass the spaces as keys to Series.pivot, so that each has a series"
        })
      )
    }
    const { metric } = first
    const how = metric.overSpace
    if (how === "never") {
      return yield* Either.left(
        new SeriesError({
          reason: "NotCombinable",
          problem: `${metric.name} cannot be combined over space`,
          hint: "Query the metric of the larger space itself"
        })
      )
    }
    for (const other of others) {
      yield* sameMetric(first, other)
      yield* sameBuckets(first, other)
    }
    const weighted: Array<readonly [series: S, weight: number]> = []
    for (const [key, series] of spaces) {
      weighted.push([series, typeof how === "object" ? yield* weightOf(key, weights) : 1])
    }
    const buckets = first.buckets.map((bucket, index) =>
      combine(
        bucket,
        typeof how === "object" ? "weightedMean" : how,
        weighted.flatMap(([{ buckets }, weight]) => {
          const bucket = buckets[index]
          return bucket === undefined ? [] : [{ bucket, weight, extent: 1 }]
        }),
        weighted.length
      )
    )
    return { ...first, buckets }
  })

const weightOf = <K>(
  key: K,
  weights: ReadonlyMap<K, number> | undefined
): Either.Either<number, SeriesError> => {
  const weight = weights?.get(key)
  return weight !== undefined && weight >= 0 && weight < Number.POSITIVE_INFINITY
    ? Either.right(weight)
    : Either.left(
        invalidWeight(
          `The weight of space ${shorten(key)} is ${shorten(weight)}`,
          "Pass the capacity of each space as a finite, non-negative number"
        )
      )
}

export const occupiedMinutes = (
  mean: Series,
  positiveMean: Series
): Either.Either<ReadonlyArray<Bucket>, SeriesError> =>
  Either.map(sameBuckets(mean, positiveMean), () =>
    mean.buckets.map((overAll, index) => {
      const overOccupied = positiveMean.buckets[index]
      if (overAll.value === null) return gap(overAll, overAll._tag)
      if (overAll.value === 0) return measured(overAll, 0, overAll.coverage)
      if (overOccupied === undefined || overOccupied.value === null) {
        return gap(overAll, overOccupied?._tag ?? "NotMeasured")
      }
      const minutes = (duration(overAll) * overAll.coverage) / 60_000
      // The server has rounded both means, so the computed minutes can be slightly more than the
      // minutes of the period, and are limited to these minutes. A mean over occupied minutes is
      // never 0, so a 0 is read as a missing value.
      return overOccupied.value === 0
        ? gap(overAll, "NotMeasured")
        : measured(
            overAll,
            Math.min(minutes, (minutes * overAll.value) / overOccupied.value),
            overAll.coverage
          )
    })
  )

const sameMetric = (one: Series, other: Series): Either.Either<void, SeriesError> =>
  one.metric.name === other.metric.name
    ? Either.void
    : Either.left(
        differentBuckets(
          `${one.metric.name} and ${other.metric.name} are different metrics`,
          "Combine series of one metric"
        )
      )

const sameBuckets = (one: Series, other: Series): Either.Either<void, SeriesError> => {
  const same =
    one.granularity === other.granularity &&
    one.zone.id === other.zone.id &&
    one.buckets.length === other.buckets.length &&
    one.buckets.every(
      (bucket, index) =>
        bucket.start.epochMillis === other.buckets[index]?.start.epochMillis &&
        bucket.end.epochMillis === other.buckets[index]?.end.epochMillis
    )
  return same
    ? Either.void
    : Either.left(
        differentBuckets(
          `The series of ${one.metric.name} (${describe(one)}) and of ${other.metric.name} (${describe(other)}) do not have the same periods`,
          "Make both from the same range, granularity and zone"
        )
      )
}

const describe = ({ buckets, granularity, zone }: Series): string =>
  `${buckets.length} of ${granularity} in ${zone.id} from ${buckets[0]?.start.toJSON() ?? "nowhere"}`

const differentBuckets = (problem: string, hint: string): SeriesError =>
  new SeriesError({ reason: "DifferentBuckets", problem, hint })

const invalidWeight = (problem: string, hint: string): SeriesError =>
  new SeriesError({ reason: "InvalidWeight", problem, hint })
