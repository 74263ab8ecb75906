/** Names of columns on the command line. */
import * as Effect from "effect/Effect"
import { type AnyTable, exactOrOnly } from "../client/catalogue.js"
import { UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"

/** A column by its name. The case of letters does not matter if only one column fits. */
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
