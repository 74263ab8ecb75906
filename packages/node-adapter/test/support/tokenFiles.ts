/** Makes directories for token files, and lists their files. */
import { lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"

/**
 * The path of a directory that does not exist yet. Its parent directory is removed with the scope.
 */
export const newDirectory = Effect.map(
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "token-store-"))),
    (parent) => Effect.promise(() => rm(parent, { recursive: true, force: true }))
  ),
  (parent) => join(parent, "tokens")
)

/** The names of the files in a directory. The list is empty if the directory does not exist. */
export const namesIn = (directory: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(() => readdir(directory).catch(() => []))

/** The path of the file in a directory with one token. */
export const onlyFile = (directory: string): Effect.Effect<string> =>
  Effect.map(namesIn(directory), (names) => {
    assert.lengthOf(names, 1)
    return join(directory, names.join())
  })

export const modeOf = (path: string): Effect.Effect<number> =>
  Effect.promise(async () => (await lstat(path)).mode & 0o777)

export const textOf = (path: string): Effect.Effect<string> =>
  Effect.promise(() => readFile(path, "utf8"))
