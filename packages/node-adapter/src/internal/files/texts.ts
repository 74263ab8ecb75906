/**
 * Stores texts in files that no other user can read, in a directory that no other user can change.
 */
import { createHash } from "node:crypto"
import { constants, type Stats } from "node:fs"
import { lstat, mkdir, open, readdir, rename, unlink } from "node:fs/promises"
import { join } from "node:path"
import process from "node:process"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as FileLock from "./lock.js"
import { close, type FileError, isTemporary, step, temporaryName, unless } from "./system.js"

/**
 * The maximum size of a text, in bytes. A token has only a few thousand characters, and must fit
 * into a header.
 */
const maxSize = 64 * 1024

/** After this many milliseconds, a temporary file must be from a process that was killed. */
const leftAfter = 60_000

export const make = (
  directory: Effect.Effect<string, TokenStore.TokenStoreError>
): TokenStore.Texts => {
  /** The path of a text. Creates and checks the directory first. */
  const pathOf = (name: string) =>
    Effect.flatMap(directory, (directory) =>
      Effect.as(secureDirectory(directory), { directory, file: fileNameOf(name) })
    )

  return {
    get: (name) =>
      Effect.flatMap(pathOf(name), ({ directory, file }) => read(join(directory, file))),
    set: (name, text) =>
      Effect.flatMap(pathOf(name), ({ directory, file }) =>
        Effect.zipRight(
          replace(join(directory, file), text),
          Effect.ignore(removeLeftovers(directory, file))
        )
      ),
    remove: (name) =>
      Effect.flatMap(pathOf(name), ({ directory, file }) =>
        step(() => unlink(join(directory, file))).pipe(
          unless("ENOENT"),
          unavailable("removed", join(directory, file))
        )
      ),
    lock: (name) =>
      Effect.flatMap(pathOf(name), ({ directory, file }) => hold(join(directory, `${file}.lock`)))
  }
}

const hold = (path: string) =>
  FileLock.hold(path).pipe(
    Effect.catchTag("NoLock", () =>
      insecure(`${path} is a link, a directory or a pipe, not a regular file`, `rm -r ${path}`)
    ),
    Effect.catchTag("FileError", failedTo("made", path))
  )

/** The file's name. It has a fixed length that every file system allows. */
const fileNameOf = (name: string): string =>
  `token-${createHash("sha256").update(name).digest("hex")}`

const secureDirectory = (path: string): Effect.Effect<void, TokenStore.TokenStoreError> =>
  Effect.gen(function* () {
    const found = yield* step(async () => {
      await mkdir(path, { recursive: true, mode: 0o700 })
      return await lstat(path)
    }).pipe(unavailable("made", path))
    if (!found.isDirectory()) yield* insecure(`${path} is a symbolic link or not a directory`)
    if (!isOwn(found)) yield* insecure(`${path} belongs to another user`)
    if (isOpenTo(found, 0o022))
      yield* insecure(`Other users can write to ${path}`, `chmod 700 ${path}`)
  })

/**
 * Flags for opening a file. A symbolic link is not followed, and if the path is a pipe, opening it
 * does not wait for a writer.
 */
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

const read = (path: string): Effect.Effect<Option.Option<string>, TokenStore.TokenStoreError> =>
  Effect.gen(function* () {
    const found = yield* step(() => readOpened(path)).pipe(
      unless("ENOENT"),
      Effect.catchIf(
        // With O_NOFOLLOW, opening a symbolic link fails with ELOOP or EMLINK, depending on the
        // system.
        ({ code }) => code === "ELOOP" || code === "EMLINK",
        () => insecure(`${path} is a symbolic link`)
      ),
      Effect.catchTag("FileError", failedTo("read", path))
    )
    if (found === undefined) return Option.none()
    const { stats, text } = found
    if (!stats.isFile()) return yield* insecure(`${path} is not a regular file`)
    if (!isOwn(stats)) return yield* insecure(`${path} belongs to another user`)
    if (isOpenTo(stats, 0o077)) {
      return yield* insecure(
        `Other users can read or change ${path}, so its token is not used`,
        "No action is needed: a new token replaces it. Find out what changed the file's mode"
      )
    }
    return text === undefined ? yield* tooLarge(path) : Option.some(text)
  })

/**
 * Opens and reads a file. Owner and mode are taken from the open file, because the path may belong
 * to another file by now. The text is `undefined` if the file must not be read.
 */
const readOpened = async (path: string) => {
  const file = await open(path, readOnly)
  try {
    const stats = await file.stat()
    const isReadable =
      stats.isFile() && isOwn(stats) && !isOpenTo(stats, 0o077) && stats.size <= maxSize
    return { stats, text: isReadable ? await file.readFile("utf8") : undefined }
  } finally {
    await close(file)
  }
}

/** Stores a text. Readers see either the old text or the new text, even after a crash. */
const replace = (
  path: string,
  text: Redacted.Redacted<string>
): Effect.Effect<void, TokenStore.TokenStoreError> =>
  Effect.flatMap(temporaryName(path), (temporary) =>
    step(async (signal) => {
      const file = await open(temporary, "wx", 0o600)
      let isLeft = true
      try {
        try {
          await file.writeFile(Redacted.value(text))
          await file.sync()
        } finally {
          await file.close()
        }
        // If the call hung, a newer token may be stored already.
        if (!signal.aborted) {
          await rename(temporary, path)
          isLeft = false
        }
      } finally {
        if (isLeft) await unlink(temporary).catch(() => {})
      }
    })
  ).pipe(unavailable("written", path))

const removeLeftovers = (directory: string, file: string): Effect.Effect<void, FileError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    step(async () => {
      for (const name of await readdir(directory)) {
        if (!isTemporary(name, file)) continue
        const path = join(directory, name)
        const { mtimeMs } = await lstat(path)
        if (now - mtimeMs >= leftAfter) await unlink(path)
      }
    })
  )

/**
 * Whether a file belongs to this user. Windows has neither owners nor modes, so the result is
 * always true there. Access depends on the directory's access list, which comes from the user's
 * profile.
 */
const isOwn = ({ uid }: Stats): boolean => uid === (process.getuid?.() ?? uid)

const isOpenTo = ({ mode }: Stats, permissions: number): boolean =>
  process.getuid !== undefined && (mode & permissions) !== 0

const insecure = (
  problem: string,
  hint = "Pass another directory for tokens, or make this one accessible to its owner alone"
): Effect.Effect<never, TokenStore.TokenStoreError> =>
  Effect.fail(new TokenStore.TokenStoreError({ reason: "Insecure", problem, hint }))

const tooLarge = (path: string): Effect.Effect<never, TokenStore.TokenStoreError> =>
  Effect.fail(
    new TokenStore.TokenStoreError({
      reason: "Damaged",
      problem: `${path} is larger than ${maxSize} bytes`,
      hint: "No action is needed: a new token replaces it"
    })
  )

const failedTo =
  (what: string, path: string) =>
  ({ code }: FileError): Effect.Effect<never, TokenStore.TokenStoreError> =>
    Effect.fail(
      new TokenStore.TokenStoreError({
        reason: "Unavailable",
        problem: `${path} cannot be ${what}: ${code}`,
        hint: "Check the directory, or pass another one for tokens"
      })
    )

const unavailable =
  (what: string, path: string) =>
  <A, R>(effect: Effect.Effect<A, FileError, R>): Effect.Effect<A, TokenStore.TokenStoreError, R> =>
    Effect.catchAll(effect, failedTo(what, path))
