/** Node's file system as effects. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A failure of Node's file system: which call, and its code, such as `ENOENT`. */
export interface FileError {
  readonly _tag: "FileError"
  readonly code: string
}

export const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, FileError> =>
  Effect.tryPromise({ try: run, catch: toFileError })

/** Nothing where the call fails with this code. */
export const unless =
  (code: string) =>
  <A, R>(effect: Effect.Effect<A, FileError, R>): Effect.Effect<A | undefined, FileError, R> =>
    Effect.catchIf(
      effect,
      (error) => error.code === code,
      () => Effect.succeed(undefined)
    )

const toFileError = (cause: unknown): FileError => ({
  _tag: "FileError",
  code:
    cause instanceof Error && "code" in cause && typeof cause.code === "string"
      ? cause.code
      : "an unknown error"
})

/** What is only for a moment, with a name that nothing else has. `isTemporary` finds what a killed process left. */
export const temporaryName = (path: string): Effect.Effect<string> =>
  Effect.map(
    Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER),
    (number) => `${path}.${number.toString(36)}.tmp`
  )

export const isTemporary = (name: string, of: string): boolean =>
  name.startsWith(`${of}.`) && name.endsWith(".tmp")
