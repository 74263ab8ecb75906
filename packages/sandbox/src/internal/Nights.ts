import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Database from "./Database.js"
import type { Database as Connection } from "./DatabaseConnection.js"
import * as dataset from "./data/dataset.js"

/** A night that is not in the data. The message says which nights are. */
export class UnknownNight extends Data.TaggedError("UnknownNight")<{
  readonly date: string
  readonly message: string
}> {}

/** Nights that the vendor publishes a second time, with other values. */
export interface Nights {
  /** Changes the values of a local date in all buildings, and of the weeks and months around it. */
  readonly restate: (date: string) => Effect.Effect<void, UnknownNight>
  /** Gives every restated night its first values again. */
  readonly restore: Effect.Effect<void>
}

export const make = (database: Connection, seed: number): Nights => {
  const revisions = new Map<string, number>()
  const publish = (date: string, revision: number): Effect.Effect<void, UnknownNight> =>
    Effect.gen(function* () {
      const rows = dataset.nights(seed, date, revision)
      if (rows.length === 0) return yield* unknown(date)
      // A database that takes no rows any more is no failure that a test could do something about.
      yield* Effect.orDie(Database.insert(database, "days", rows))
      revisions.set(date, revision)
    })
  return {
    restate: (date) => Effect.suspend(() => publish(date, (revisions.get(date) ?? 0) + 1)),
    restore: Effect.suspend(() => {
      const restated = [...revisions].flatMap(([date, revision]) => (revision > 0 ? [date] : []))
      return Effect.forEach(restated, (date) => Effect.orDie(publish(date, 0)), { discard: true })
    })
  }
}

const unknown = (date: string): UnknownNight =>
  new UnknownNight({
    date,
    message:
      `there is no night of ${date}: choose a local date from ${dataset.published.first} ` +
      `up to, but not including, ${dataset.published.end}`
  })
