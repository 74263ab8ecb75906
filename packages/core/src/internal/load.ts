/**
 * Loads a module when it is first needed. A page does not load the code behind an `import()` at its
 * start.
 */
import * as Effect from "effect/Effect"
import { TransportError } from "../MetricsError.js"

export const load = <A>(what: string, module: () => Promise<A>): Effect.Effect<A, TransportError> =>
  Effect.tryPromise({
    try: module,
    catch: () =>
      new TransportError({
        reason: "Unreachable",
        problem: `Cannot load ${what}`,
        hint: "Try again"
      })
  })
