/** Names of columns on the command line. */
import * as Effect from "effect/Effect"
import { type AnyTable, exactOrOnly } from "../client/catalogue.js"
import { UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"

/**
 * Finds a column by its name. If no name is equal, the case of letters is ignored, and only one
 * column may fit.
 */
export const columnNamed = (table: AnyTable, given: string): Effect.Effect<string, UsageError> => {
  const names = [...table.byName.keys()]
  const found = exactOrOnly(given, names)
  return found === undefined
    ? Effect.fail(
        new UsageError(
          `${table.name} has no column ${JSON.stringify(given)}`,
          didYouMean(given, names)
        )
      )
    : Effect.succeed(found)
}
