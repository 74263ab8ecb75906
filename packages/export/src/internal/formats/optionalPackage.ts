/** Loads a package that only one format needs, when it is used. */
import * as Effect from "effect/Effect"
import { ExportError } from "../../ExportError.js"

export const load = <A>(
  name: string,
  format: string,
  load: () => Promise<A>
): Effect.Effect<A, ExportError> =>
  Effect.tryPromise({
    try: load,
    catch: (cause) =>
      new ExportError({
        reason: "MissingPackage",
        problem: `${format} needs the package ${name}, which cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: `Run npm install ${name}`
      })
  })
