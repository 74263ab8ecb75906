/** Node's file system as effects. */
import type { FileHandle } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { isNotPermitted } from "../notPermitted.js"

/** A failure of Node's file system. It has the failed call and the code, such as `ENOENT`. */
export interface FileError {
  readonly _tag: "FileError"
  readonly code: string
}

/** How long a step may take. Calls to a disconnected network drive never return. */
const stepLimit = "5 seconds"

/**
 * When this many steps hang, no other step is started. Each hanging step blocks one of the four
 * threads that Node also uses to look up host names.
 */
const maxHanging = 2

let hanging = 0

/**
 * A step at the file system, which consists of one or several calls. The effect ends when the step
 * is done, on timeout or on interruption, even in an uninterruptible region. A call that has begun
 * cannot be cancelled and goes on, so the step must undo its work if the signal is aborted.
 */
export const step = <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, FileError> =>
  Effect.suspend(() => (hanging < maxHanging ? begun(run) : Effect.fail(isHanging)))

/** A step that starts even if other steps hang, because it releases something. */
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

/** Closes a file. A failure is ignored, because it does not affect what was read or written. */
export const close = (file: FileHandle): Promise<void> => file.close().catch(() => {})

/** Succeeds with `undefined` if the effect fails with this code. */
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
      : isNotPermitted(cause)
        ? cause.message
        : "an unknown error"
})

/** A unique name for a temporary file. `isTemporary` finds the files that killed processes left. */
export const temporaryName = (path: string): Effect.Effect<string> =>
  Effect.map(
    Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER),
    (number) => `${path}.${number.toString(36)}.tmp`
  )

export const isTemporary = (name: string, of: string): boolean =>
  name.startsWith(`${of}.`) && name.endsWith(".tmp")
