/**
 * The value of the feature `weekly_frequency_dist`: how many people came on how many days of a
 * week.
 *
 * No page of the vendor shows one. That it is an object of counts, keyed by the number of days, is
 * an assumption.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NothingToShow } from "./section.js"

/**
 * Counts of people: the first of those who came on one day, the last of those who came on seven.
 */
export type WeeklyFrequency = ReadonlyArray<number>

const FeatureValue = Schema.Record({
  key: Schema.Literal("1", "2", "3", "4", "5", "6", "7"),
  value: Schema.NonNegative
})

/** Reads a value; fails with `NothingToShow` for one of another shape. */
export const decode = (value: unknown): Effect.Effect<WeeklyFrequency, NothingToShow> =>
  Schema.decodeUnknown(FeatureValue)(value).pipe(
    Effect.mapBoth({
      onSuccess: (counts) => [
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        counts[5],
        counts[6],
        counts[7]
      ],
      onFailure: () =>
        new NothingToShow({
          message: `feature_value is not an object of counts for 1 to 7 days: ${JSON.stringify(value)}`
        })
    })
  )

/** How many people came at all. */
export const people = (counts: WeeklyFrequency): number =>
  counts.reduce((sum, count) => sum + count, 0)

/** On how many days they came, each person counted alike; 0 if nobody came. */
export const meanDays = (counts: WeeklyFrequency): number =>
  counts.reduce((sum, count, index) => sum + count * (index + 1), 0) / Math.max(people(counts), 1)

/** The counts of several weeks added up. */
export const sum = (weeks: ReadonlyArray<WeeklyFrequency>): WeeklyFrequency =>
  weeks.reduce((total, week) => week.map((count, index) => count + (total[index] ?? 0)), [])
