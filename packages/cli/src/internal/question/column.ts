/** Names of columns on the command line. */
import * as Effect from "effect/Effect"
import { type AnyTable, exactOrOnly } from "../client/catalogue.js"
import { UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"

/**
 * Finds a column by its name. If no column has exactly this name, the case of letters is ignored,
 * and the column is found if only one fits.
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
