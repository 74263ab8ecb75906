/** Steps of Node's file system as effects with typed errors. */
import * as Effect from "effect/Effect"
import { ExportError } from "../../ExportError.js"

/**
 * How long a step may take. The limit is needed, because calls to a disconnected network drive
 * never return. It is long, because syncing a large file to a slow disk takes seconds.
 */
const stepLimit = "2 minutes"

/**
 * Runs one step, which makes one or several calls. `doing` describes the step in messages, as in
 * "write march.parquet". The effect ends when the step is done, after the limit, or on
 * interruption. A call that has begun cannot be cancelled, and continues after the effect has
 * ended.
 */
export const step = <A>(
  doing: string,
  path: string,
  run: () => Promise<A>
): Effect.Effect<A, ExportError> =>
  Effect.tryPromise({ try: run, catch: (cause) => fileError(doing, path, codeOf(cause)) }).pipe(
    Effect.timeoutFail({
      duration: stepLimit,
      onTimeout: () => fileError(doing, path, `the file system did not respond in ${stepLimit}`)
    })
  )

/** Succeeds with `undefined` if the step fails with this code. */
export const unless =
  (code: string) =>
  <A, R>(effect: Effect.Effect<A, ExportError, R>): Effect.Effect<A | undefined, ExportError, R> =>
    Effect.catchIf(
      effect,
      (error) => error.code === code,
      () => Effect.succeed(undefined)
    )

const codeOf = (cause: unknown): string =>
  cause instanceof Error
    ? "code" in cause && typeof cause.code === "string"
      ? cause.code
      : cause.message
    : "an unknown error"

const fileError = (doing: string, path: string, code: string): ExportError =>
  new ExportError({
    reason: "FileSystem",
    problem: `Could not ${doing} ${path}: ${code}`,
    hint: hints[code] ?? "Check the disk and the rights of the folder, then run it again",
    path,
    code
  })

const hints: { readonly [code: string]: string } = {
  ENOSPC: "Free space on the disk, then run it again",
  EDQUOT: "Free space in the quota, then run it again",
  EACCES: "Give this user the right to write to the folder, or pass another path",
  EPERM: "Give this user the right to write to the folder, or pass another path",
  EROFS: "The file system is read-only: pass another path",
  ENOENT: "Create the folder first, or pass another path",
  ENOTDIR: "A part of the path is a file: pass another path",
  EISDIR: "The path is a folder: pass the path of a file",
  EXDEV: "Pass a path whose folder is on one file system"
}
