import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { isDate, monthOf } from "./data/calendar.js"
import * as Dataset from "./data/Dataset.js"
import * as Database from "./database/Database.js"
import type { Database as Connection, DatabaseError } from "./database/DatabaseConnection.js"
import type { SandboxClock } from "./SandboxClock.js"

/**
 * The error for a night (the rows of one local day) that is not published. The message says which
 * nights are published.
 */
export class UnknownNight extends Data.TaggedError("UnknownNight")<{
  readonly date: string
  readonly message: string
}> {}

/**
 * The published nights, which follow the sandbox's clock. A night is the rows of one local day. The
 * API publishes these rows at 02:00 of the next day.
 */
export interface Nights {
  /** Adds the nights that the clock has reached but the database does not have. */
  readonly reach: Effect.Effect<void, DatabaseError>
  /**
   * Publishes the rows of a local date again with different values, in all buildings. The values of
   * the week and the month of this date change too.
   */
  readonly restate: (date: string) => Effect.Effect<void, UnknownNight>
  /** Restores the first values of every restated night. */
  readonly restore: Effect.Effect<void>
}

export const make = (database: Connection, seed: number, clock: SandboxClock): Nights => {
  const revisions = new Map<string, number>()
  const turns = Effect.unsafeMakeSemaphore(1)
  let reached = ""
  const reach = (wanted: () => string): Effect.Effect<void, DatabaseError> =>
    Effect.suspend(() => {
      if (wanted() <= reached) return Effect.void
      return Effect.suspend(() => {
        const month = wanted()
        // Another request has added these nights in the meantime.
        if (month <= reached) return Effect.void
        return Effect.map(Database.addMonths(database, seed, month), () => {
          reached = month
        })
      }).pipe(turns.withPermits(1))
    })
  const publish = (date: string, revision: number): Effect.Effect<void> =>
    // If the database no longer accepts rows, a test cannot handle this failure, so the failure is
    // a defect.
    Effect.orDie(
      Effect.gen(function* () {
        yield* reach(() => monthOf(date))
        yield* Database.insert(database, "days", Dataset.nights(seed, date, revision))
        revisions.set(date, revision)
      })
    )
  return {
    reach: reach(() => Dataset.monthAt(clock.now())),
    restate: (date) =>
      Effect.suspend(() => {
        const last = Dataset.lastPublished(clock.now())
        return isDate(date) && date >= Dataset.firstDate && date <= (last ?? "")
          ? publish(date, (revisions.get(date) ?? 0) + 1)
          : Effect.fail(unknown(date, last))
      }),
    restore: Effect.suspend(() => {
      const restated = [...revisions].flatMap(([date, revision]) => (revision > 0 ? [date] : []))
      return Effect.forEach(restated, (date) => publish(date, 0), { discard: true })
    })
  }
}

const unknown = (date: string, last: string | undefined): UnknownNight =>
  new UnknownNight({
    date,
    message:
      `there is no night of ${date} by the sandbox's clock: ` +
      (last === undefined
        ? `the first one is of ${Dataset.firstDate}, so set the clock to a later time`
        : `choose a local date from ${Dataset.firstDate} to ${last}`)
  })
