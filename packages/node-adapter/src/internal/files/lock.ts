/**
 * A lock between processes: a file that only one can create.
 *
 * Whoever holds it touches it every second. A lock that nobody touches is of a process that was
 * killed or hangs, and is taken away. Who waits measures that by its own clock alone: the file's
 * times may be by another machine's, and the number of a process means nothing in another
 * container. Where a lock is lost all the same, as after a laptop's sleep, two processes ask for a
 * token each, and that is all that can happen.
 */
import { type FileHandle, link, lstat, open, rename, unlink } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { close, type FileError, lastStep, step, temporaryName, unless } from "./system.js"

const touchEvery = "1 second"

/** Milliseconds after which a lock that nobody touched is taken away. */
const abandonedAfter = 5_000

/** Milliseconds between two looks, at random, because many may wait. */
const pause = [20, 60] as const

/** Something is in place of the lock that no process made as one. */
export interface NoLock {
  readonly _tag: "NoLock"
}

/**
 * A lock that is held, or will be: the call that creates it may return after nobody waits for it
 * any more.
 */
interface Held {
  file: FileHandle | undefined
  isOver: boolean
}

/** Holds the lock until the scope closes. */
export const hold = (path: string): Effect.Effect<void, FileError | NoLock, Scope.Scope> =>
  Effect.gen(function* () {
    const held = yield* Effect.acquireRelease(
      Effect.sync((): Held => ({ file: undefined, isOver: false })),
      (held) => Effect.ignore(Effect.suspend(() => end(path, held)))
    )
    /** The lock in the way, and when it was first seen so. */
    let seen: { readonly identity: string; readonly at: number } | undefined
    for (;;) {
      yield* step(() => create(path, held)).pipe(unless("EEXIST"))
      if (held.file !== undefined) return yield* touching(held.file)
      const identity = yield* identityOf(path)
      // The wall clock may be put back meanwhile.
      const now = Number(yield* Clock.currentTimeNanos) / 1_000_000
      if (identity !== undefined && seen?.identity !== identity) seen = { identity, at: now }
      if (identity !== undefined && seen !== undefined && now - seen.at >= abandonedAfter) {
        yield* takeAway(path, identity)
      } else {
        // Also where it was given back in between, which may happen any number of times.
        yield* Effect.flatMap(Random.nextIntBetween(...pause), Effect.sleep)
      }
    }
  })

const create = async (path: string, held: Held): Promise<void> => {
  const file = await open(path, "wx", 0o600)
  if (held.isOver) await release(path, file)
  else held.file = file
}

const end = (path: string, held: Held) => {
  held.isOver = true
  const { file } = held
  return file === undefined ? Effect.void : lastStep(() => release(path, file))
}

const touching = (file: FileHandle) => {
  const touch = Effect.flatMap(DateTime.nowAsDate, (now) => step(() => file.utimes(now, now)))
  return Effect.forkScoped(
    Effect.interruptible(Effect.ignore(Effect.schedule(touch, Schedule.spaced(touchEvery))))
  )
}

/** A lock that was taken away is another's by now. */
const release = async (path: string, file: FileHandle): Promise<void> => {
  try {
    const own = await file.stat({ bigint: true })
    const present = await lstat(path, { bigint: true })
    if (present.ino === own.ino) await unlink(path)
  } finally {
    await close(file)
  }
}

/**
 * A lock that was touched, or made anew, has another identity. What is no file was made by no
 * process for this.
 */
const identityOf = (path: string): Effect.Effect<string | undefined, FileError | NoLock> =>
  Effect.flatMap(step(() => lstat(path, { bigint: true })).pipe(unless("ENOENT")), (found) =>
    found === undefined || found.isFile()
      ? Effect.succeed(found === undefined ? undefined : `${found.ino} ${found.mtimeNs}`)
      : Effect.fail({ _tag: "NoLock" })
  )

/**
 * Of several who do this at once one gets the file; what turns out to be a new lock is put back.
 */
const takeAway = (path: string, identity: string) =>
  Effect.flatMap(temporaryName(path), (aside) =>
    step(async () => {
      await rename(path, aside)
      const { ino, mtimeNs } = await lstat(aside, { bigint: true })
      if (`${ino} ${mtimeNs}` !== identity) {
        // Where yet another lock is there by now, that one stays.
        await link(aside, path).catch(() => {})
      }
      await unlink(aside)
    })
  ).pipe(unless("ENOENT"))
