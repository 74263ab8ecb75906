/**
 * Loads a module with `import()` when the module is first needed, so a page does not load the
 * module when the page starts.
 */
import * as Effect from "effect/Effect"
import { TransportError } from "../MetricsError.js"

export const load = <A>(
  what: string,
  module: () => Promise<A>
): Effect.Effect<A, TransportError> => {
  const loading = Effect.tryPromise({
    try: module,
    catch: (cause) =>
      new TransportError({
        reason: "Unreachable",
        problem: `Cannot load ${what}: ${cause}`,
        hint: "Try again"
      })
  })
  // The module is kept here, because even an `import()` of a loaded module takes more time than
  // decoding a few rows.
  let loaded: Effect.Effect<A> | undefined
  return Effect.suspend(
    () =>
      loaded ??
      Effect.map(loading, (found) => {
        loaded = Effect.succeed(found)
        return found
      })
  )
}
