/** Directories of token files that a test can inspect. */
import { lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"

/** A path for a new directory, inside one that is removed with the scope. */
export const newDirectory = Effect.map(
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "token-store-"))),
    (parent) => Effect.promise(() => rm(parent, { recursive: true, force: true }))
  ),
  (parent) => join(parent, "tokens")
)

/** The names in a directory. Empty if it does not exist. */
export const namesIn = (directory: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(() => readdir(directory).catch(() => []))

/** The path of the only file in a directory of one token. */
export const onlyFile = (directory: string): Effect.Effect<string> =>
  Effect.map(namesIn(directory), (names) => {
    assert.lengthOf(names, 1)
    return join(directory, names.join())
  })

export const modeOf = (path: string): Effect.Effect<number> =>
  Effect.promise(async () => (await lstat(path)).mode & 0o777)

export const textOf = (path: string): Effect.Effect<string> =>
  Effect.promise(() => readFile(path, "utf8"))
