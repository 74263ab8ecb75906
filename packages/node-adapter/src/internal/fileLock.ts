/**
 * A lock between processes: a file that only one can create.
 *
 * Whoever holds it touches it every second. A lock that nobody touches is of a process that was killed or hangs, and is taken
 * away. Who waits measures that by its own clock alone: the file's times may be by another machine's, and the number of a
 * process means nothing in another container. Where a lock is lost all the same, as after a laptop's sleep, two processes
 * ask for a token each, and that is all that can happen.
 */
import { type FileHandle, link, open, rename, stat, unlink } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { attempt, type FileError, temporaryName, unless } from "./fileSystem.js"

const touchEvery = "1 second"

/** Milliseconds after which a lock that nobody touched is taken away. */
const abandonedAfter = 5_000

/** Milliseconds between two looks, at random, because many may wait. */
const pause = [20, 60] as const

/** Holds the lock until the scope closes. */
export const hold = (path: string): Effect.Effect<void, FileError, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      /** The lock in the way, and when it was first seen so. */
      let seen: { readonly identity: string; readonly at: number } | undefined
      for (;;) {
        const created = yield* create(path)
        if (created !== undefined) return yield* keep(path, created)
        const identity = yield* identityOf(path)
        if (identity === undefined) continue
        // The wall clock may be put back meanwhile.
        const now = Number(yield* Clock.currentTimeNanos) / 1_000_000
        if (seen?.identity !== identity) seen = { identity, at: now }
        if (now - seen.at >= abandonedAfter) yield* takeAway(path, identity)
        else yield* restore(Effect.flatMap(Random.nextIntBetween(...pause), Effect.sleep))
      }
    })
  )

const create = (path: string) => attempt(() => open(path, "wx", 0o600)).pipe(unless("EEXIST"))

const keep = (path: string, file: FileHandle) =>
  Effect.gen(function* () {
    yield* Effect.addFinalizer(() => Effect.ignore(release(path, file)))
    const touch = Effect.flatMap(DateTime.nowAsDate, (now) => attempt(() => file.utimes(now, now)))
    yield* Effect.forkScoped(
      Effect.interruptible(Effect.ignore(Effect.schedule(touch, Schedule.spaced(touchEvery))))
    )
  })

/** A lock that was taken away is another's by now. */
const release = (path: string, file: FileHandle) =>
  Effect.gen(function* () {
    const own = yield* attempt(() => file.stat({ bigint: true }))
    const present = yield* attempt(() => stat(path, { bigint: true }))
    if (present.ino === own.ino) yield* attempt(() => unlink(path))
  }).pipe(Effect.ensuring(Effect.ignore(attempt(() => file.close()))))

/** A lock that was touched, or made anew, has another identity. */
const identityOf = (path: string) =>
  attempt(() => stat(path, { bigint: true })).pipe(
    Effect.map(({ ino, mtimeNs }) => `${ino} ${mtimeNs}`),
    unless("ENOENT")
  )

/** Of several who do this at once one gets the file; what turns out to be a new lock is put back. */
const takeAway = (path: string, identity: string) =>
  Effect.gen(function* () {
    const aside = yield* temporaryName(path)
    yield* attempt(() => rename(path, aside))
    if ((yield* identityOf(aside)) !== identity) {
      yield* attempt(() => link(aside, path)).pipe(unless("EEXIST"))
    }
    yield* attempt(() => unlink(aside))
  }).pipe(unless("ENOENT"))
