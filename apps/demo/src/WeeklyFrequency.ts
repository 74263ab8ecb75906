/**
 * The value of the feature `weekly_frequency_dist`: how many people came on one day of a week, how
 * many on two days, and so on. The program and the web page use this module.
 *
 * The vendor's pages do not show a value. We assume that it is an object: each key is a number of
 * days, and each value is a number of people.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/**
 * The numbers of people, by number of days. The first number is of people who came on one day of
 * the week, and the last number is of people who came on all seven days.
 */
export type Counts = ReadonlyArray<number>

const FeatureValue = Schema.Record({
  key: Schema.Literal("1", "2", "3", "4", "5", "6", "7"),
  value: Schema.NonNegative
})

/** Reads the counts. Returns none if the value has another shape. */
export const decode = (value: unknown): Option.Option<Counts> =>
  Option.map(Schema.decodeUnknownOption(FeatureValue)(value), (counts) => [
    counts[1],
    counts[2],
    counts[3],
    counts[4],
    counts[5],
    counts[6],
    counts[7]
  ])

/** How many people came at all. */
export const peopleOf = (counts: Counts): number => counts.reduce((sum, count) => sum + count, 0)

/** On how many days a person came, on average; 0 if nobody came. */
export const meanDays = (counts: Counts): number =>
  counts.reduce((sum, count, index) => sum + count * (index + 1), 0) / Math.max(peopleOf(counts), 1)

/** The sum of the counts of several weeks. */
export const sum = (weeks: ReadonlyArray<Counts>): Counts =>
  weeks.reduce((total, week) => week.map((count, index) => count + (total[index] ?? 0)), [])
