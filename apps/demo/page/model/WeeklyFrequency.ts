/**
 * The value of the feature `weekly_frequency_dist`: how many people came on how many days of a
 * week.
 *
 * No page of the vendor shows one. That it is an object of counts, keyed by the number of days, is
 * an assumption.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const FeatureValue = Schema.Record({
  key: Schema.Literal("1", "2", "3", "4", "5", "6", "7"),
  value: Schema.NonNegative
})

/**
 * Counts of people: the first of those who came on one day, the last of those who came on seven.
 */
export type Counts = ReadonlyArray<number>

export interface Week {
  /** Local date of its Monday. */
  readonly monday: string
  /** Undefined where there are none; `isPublished` says why. */
  readonly counts: Counts | undefined
  readonly isPublished: boolean
}

/** Reads counts; none for a value of another shape. */
export const decode = (value: unknown): Option.Option<Counts> =>
  Option.map(Schema.decodeUnknownOption(FeatureValue)(value), (days) => [
    days[1],
    days[2],
    days[3],
    days[4],
    days[5],
    days[6],
    days[7]
  ])

/** How many people came at all. */
export const peopleOf = (counts: Counts): number => counts.reduce((sum, count) => sum + count, 0)
