/** Loads a module when it is first needed: what is behind an `import()` is not part of a page. */
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
