/** Node's file system as effects. */
import type { FileHandle } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A failure of Node's file system: which call, and its code, such as `ENOENT`. */
export interface FileError {
  readonly _tag: "FileError"
  readonly code: string
}

/** How long a step may take. A network drive that has gone answers no call at all. */
const stepLimit = "5 seconds"

/**
 * How many steps may be hanging before no other is begun: each keeps one of the four threads that
 * Node also looks up host names with.
 */
const maxHanging = 2

let hanging = 0

/**
 * A step of one or several calls. It is waited for until its time is over or the effect is
 * interrupted, also where nothing else can be, and goes on by itself after that: so it has to
 * undo by itself what then nobody wants. The signal tells it.
 */
export const step = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, FileError> =>
  Effect.suspend(() => (hanging < maxHanging ? begun(run) : Effect.fail(isHanging)))

/** A step that is also begun where others hang: it gives something back. */
export const lastStep = <A>(run: () => Promise<A>): Effect.Effect<A, FileError> => begun(run)

const begun = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, FileError> =>
  Effect.tryPromise({
    try: (signal) => {
      const running = run(signal)
      signal.addEventListener("abort", () => countUntil(running))
      return running
    },
    catch: toFileError
  }).pipe(
    Effect.interruptible,
    Effect.timeoutFail({ duration: stepLimit, onTimeout: () => tookTooLong })
  )

const countUntil = (running: Promise<unknown>): void => {
  const ended = () => {
    hanging--
  }
  hanging++
  running.then(ended, ended)
}

const tookTooLong: FileError = {
  _tag: "FileError",
  code: `the file system did not respond within ${stepLimit}`
}

const isHanging: FileError = {
  _tag: "FileError",
  code: "the file system has not responded to earlier calls"
}

/** Closes a file. That it cannot be closed changes nothing of what was read or written. */
export const close = (file: FileHandle): Promise<void> => file.close().catch(() => {})

/** Nothing where the step fails with this code. */
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

/**
 * What is only for a moment, with a name that nothing else has. `isTemporary` finds what a killed
 * process left.
 */
export const temporaryName = (path: string): Effect.Effect<string> =>
  Effect.map(
    Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER),
    (number) => `${path}.${number.toString(36)}.tmp`
  )

export const isTemporary = (name: string, of: string): boolean =>
  name.startsWith(`${of}.`) && name.endsWith(".tmp")
