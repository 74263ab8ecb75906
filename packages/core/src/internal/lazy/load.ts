/**
 * Loads a module with `import()` when the module is first needed, so a page does not load the
 * module when the page starts.
 */
import * as Effect from "effect/Effect"
import { TransportError } from "../../MetricsError.js"

export const load = <A>(
  what: string,
  module: () => Promise<A>
): Effect.Effect<A, TransportError> => {
  const failed = (cause: unknown) =>
    new TransportError({
      reason: "Unreachable",
      problem: `Cannot load ${what}: ${cause}`,
      hint: "Try again"
    })
  // The deadline of a call does not cover this code, because the call begins when it is loaded. The
  // effect can be interrupted even if it runs inside an uninterruptible region, such as a batch.
  const loading = Effect.timeoutFail(
    Effect.interruptible(Effect.tryPromise({ try: module, catch: failed })),
    { duration: maxWait, onTimeout: () => failed(`no response within ${maxWait / 1_000} seconds`) }
  )
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

/** The maximum time to load a module, in milliseconds. */
const maxWait = 20_000
