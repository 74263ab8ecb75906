/**
 * The lock of a dataset allows one writer at a time. It is a file that only one process can create.
 * A process never takes over a lock that is old, or whose owner seems to be gone. Otherwise two
 * processes could both believe that they own the lock.
 */
import { randomUUID } from "node:crypto"
import { open, readFile, unlink } from "node:fs/promises"
import { hostname } from "node:os"
import { dirname, resolve } from "node:path"
import process from "node:process"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { DatasetError } from "../../DatasetError.js"
import type { ExportError } from "../../ExportError.js"
import { syncFolder } from "../files/atomicFile.js"
import { step, unless } from "../files/system.js"

/** The lock file is next to the dataset, so that it can be created before the folder. */
const pathOf = (dataset: string): string => `${resolve(dataset)}.lock`

/** Holds the lock until the scope closes. Fails at once if another process holds it. */
export const hold = (
  dataset: string
): Effect.Effect<void, DatasetError | ExportError, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(create(dataset), (id) =>
      Effect.ignore(
        step("remove the lock", pathOf(dataset), async () => {
          // After `unlock`, another process may hold the lock.
          if ((await readFile(pathOf(dataset), "utf8")).includes(id)) await unlink(pathOf(dataset))
        })
      )
    )
  )

/** Waits for the lock while another process holds it, but not longer than the limit. */
export const wait = (
  dataset: string,
  limit: Duration.DurationInput
): Effect.Effect<void, DatasetError | ExportError, Scope.Scope> =>
  Effect.retry(hold(dataset), {
    while: (error) => error._tag === "DatasetError" && error.reason === "Locked",
    schedule: Schedule.spaced("200 millis").pipe(
      Schedule.upTo(Duration.decode(limit)),
      Schedule.jittered
    )
  })

/** Removes the lock of a process that was killed. Returns its owner. */
export const remove = (dataset: string): Effect.Effect<string | undefined, ExportError> =>
  Effect.gen(function* () {
    const owner = yield* ownerOf(dataset)
    if (owner === undefined) return undefined
    yield* step("remove the lock", pathOf(dataset), () => unlink(pathOf(dataset))).pipe(
      unless("ENOENT")
    )
    return owner
  })

const create = (dataset: string): Effect.Effect<string, DatasetError | ExportError> =>
  Effect.gen(function* () {
    const path = pathOf(dataset)
    const id = randomUUID()
    const since = new Date(yield* Clock.currentTimeMillis).toISOString()
    const owner = { host: hostname(), pid: process.pid, since, id }
    yield* step("create the lock", path, async () => {
      const file = await open(path, "wx")
      try {
        await file.writeFile(`${JSON.stringify(owner)}\n`)
        await file.sync()
      } catch (cause) {
        await unlink(path).catch(() => {})
        await Promise.reject(cause)
      } finally {
        await file.close().catch(() => {})
      }
    }).pipe(
      Effect.catchIf(
        ({ code }) => code === "EEXIST",
        () => Effect.flatMap(ownerOf(dataset), (owner) => Effect.fail(locked(dataset, owner)))
      )
    )
    yield* syncFolder(dirname(path))
    return id
  })

const ownerOf = (dataset: string): Effect.Effect<string | undefined, ExportError> =>
  step("read the lock", pathOf(dataset), () => readFile(pathOf(dataset), "utf8")).pipe(
    unless("ENOENT"),
    Effect.map((text) => (text === undefined ? undefined : describe(text)))
  )

const describe = (text: string): string => {
  try {
    const { host, pid, since } = JSON.parse(text)
    return `process ${pid} on ${host} since ${since}`
  } catch {
    // The owner was killed before it could write its name.
    return "an unknown process"
  }
}

const locked = (dataset: string, owner: string | undefined): DatasetError =>
  new DatasetError({
    reason: "Locked",
    problem: `${dataset} is being written by ${owner ?? "another process"}`,
    hint: `Wait for it. If that process has ended, remove its lock with Dataset.unlock, or delete ${pathOf(dataset)}`,
    dataset,
    path: pathOf(dataset)
  })
