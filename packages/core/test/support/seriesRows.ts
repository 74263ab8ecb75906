/** Makes rows of a zone in Chicago, and returns the parts of a series that tests compare. */
import * as Metric from "@innerspace-metrics/core/Metric"
import type * as Series from "@innerspace-metrics/core/Series"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"

export const chicago = "America/Chicago"

export interface Row {
  readonly at: DateTime.Utc
  readonly people: number | null
  readonly zone_id: number
}

export const row = (at: string, people: number | null, zone_id = 1): Row => ({
  at: DateTime.unsafeMake(at),
  people,
  zone_id
})

export const columns = { time: "at", value: "people", metric: Metric.known.OCCUPANCY_MEAN } as const

/** Options for a series whose periods have all been published. */
export const published = { publishedUntil: DateTime.unsafeMake("2030-01-01T00:00:00Z") }

export const days = (
  first: TimeRange.LocalDate,
  end: TimeRange.LocalDate,
  granularity: "PT1H" | "P1D" = "P1D"
) => ({ range: TimeRange.dates(first, end, chicago), granularity, zone: chicago }) as const

/** Four local days in Chicago, which start at 2024-01-01T06:00Z. Each day has 24 hours. */
export const fourDays = days("2024-01-01", "2024-01-05")

export const tags = ({ buckets }: Series.Series) => buckets.map(({ _tag }) => _tag)

export const values = ({ buckets }: Series.Series) => buckets.map(({ value }) => value)

export const right = <A>(either: Either.Either<A, Error>): A =>
  Either.getOrThrowWith(either, (error) => error)
