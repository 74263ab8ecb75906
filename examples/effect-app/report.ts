/** The app's program. It depends only on `Occupancy`. */
import * as Effect from "effect/Effect"
import { Occupancy } from "./Occupancy.js"

export const report = Effect.gen(function* () {
  const occupancy = yield* Occupancy
  const days = yield* occupancy.days(71, "2024-03")
  const busiest = days.reduce((most, day) => ((day.peak ?? 0) > (most.peak ?? 0) ? day : most))
  return `${days.length} days, the busiest began at ${busiest.start.toJSON()} with ${busiest.peak} people`
}).pipe(
  // If the API fails for a short time, the report says so, and the program does not fail.
  Effect.catchIf(
    (error) => error.isRetryable,
    (error) => Effect.succeed(`Not now: ${error.hint}`)
  )
)
