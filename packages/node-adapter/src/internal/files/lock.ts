/**
 * A lock between processes. It is a file that only one process can create.
 *
 * The holder touches the file every second. If the file is not touched for 5 seconds, the holder
 * was killed or hangs, and a waiting process takes the lock over. The waiting process measures this
 * time only by its own clock, because the file's times may come from another machine's clock, and a
 * process id means nothing in another container. A process can still lose its lock, for example
 * when a laptop sleeps. In this case, two processes can each request a token. `person/tokens.ts`
 * checks for this case before it sends a refresh token.
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

/** Milliseconds after which an untouched lock is taken over. */
const abandonedAfter = 5_000

/**
 * Milliseconds between two checks. The pause is random, so that many waiting processes do not all
 * check at the same moment.
 */
const pause = [20, 60] as const

/** The error if something other than a lock is at the path. */
export interface NoLock {
  readonly _tag: "NoLock"
}

/**
 * A lock that is held or is being acquired. The call that creates the lock's file may return after
 * the process has stopped waiting for the lock.
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
    /** The lock of another process, and when it was first seen in this state. */
    let seen: { readonly identity: string; readonly at: number } | undefined
    for (;;) {
      yield* step(() => create(path, held)).pipe(unless("EEXIST"))
      if (held.file !== undefined) return yield* touching(held.file)
      const identity = yield* identityOf(path)
      // This clock is monotonic. The wall clock may be set back while the loop runs.
      const now = Number(yield* Clock.currentTimeNanos) / 1_000_000
      if (identity !== undefined && seen?.identity !== identity) seen = { identity, at: now }
      if (identity !== undefined && seen !== undefined && now - seen.at >= abandonedAfter) {
        yield* takeAway(path, identity)
      } else {
        // The loop also continues if the lock was released in the meantime. This may happen any
        // number of times.
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

/** Removes the file unless another process has taken the lock over. */
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
 * A text that changes when the lock is touched or created again. Fails if the path is not a file,
 * because this module creates only files.
 */
const identityOf = (path: string): Effect.Effect<string | undefined, FileError | NoLock> =>
  Effect.flatMap(step(() => lstat(path, { bigint: true })).pipe(unless("ENOENT")), (found) =>
    found === undefined || found.isFile()
      ? Effect.succeed(found === undefined ? undefined : `${found.ino} ${found.mtimeNs}`)
      : Effect.fail({ _tag: "NoLock" })
  )

/**
 * Removes an untouched lock. If several processes do this at once, only one of them can rename the
 * file. If the file turns out to be a new lock, it is put back.
 */
const takeAway = (path: string, identity: string) =>
  Effect.flatMap(temporaryName(path), (aside) =>
    step(async () => {
      await rename(path, aside)
      const { ino, mtimeNs } = await lstat(aside, { bigint: true })
      if (`${ino} ${mtimeNs}` !== identity) {
        // If a third process has created a lock by now, its lock stays.
        await link(aside, path).catch(() => {})
      }
      await unlink(aside)
    })
  ).pipe(unless("ENOENT"))
