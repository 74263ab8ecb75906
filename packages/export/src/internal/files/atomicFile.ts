/**
 * Writes a whole file or nothing: readers see the old file or the complete new one, also after a
 * crash of the process or of the machine.
 */
import { createHash, type Hash, randomUUID } from "node:crypto"
import { type FileHandle, open, rename, unlink } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { ExportError } from "../../ExportError.js"
import { step } from "./system.js"

/** A file that is being written. */
export interface Sink {
  /** Appends bytes. The caller may change the array after the effect has ended. */
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, ExportError>
}

/** A file that was written. */
export interface Written {
  readonly bytes: number
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string
}

/** A file that is complete and synced, but still has a temporary name. */
export interface Prepared<A> extends Written {
  readonly value: A
  /** Gives the file its name. It cannot be interrupted. */
  readonly commit: Effect.Effect<void, ExportError>
}

/**
 * Writes the file at `path` with `use`. If `use` fails or is interrupted, the file at `path` stays
 * as it was. The temporary file must be on the file system of `path`, because a rename is only
 * atomic within one file system.
 */
export const writeWhole = <A, E, R>(
  path: string,
  temporary: string,
  use: (sink: Sink) => Effect.Effect<A, E, R>
): Effect.Effect<Written & { readonly value: A }, E | ExportError, R> =>
  prepare(path, temporary, use, ({ commit, ...written }) => Effect.as(commit, written))

/**
 * Writes a file at `temporary` and passes it to `then`. The temporary file is removed at the end if
 * it has not been committed.
 */
export const prepare = <A, E, R, B, E2, R2>(
  path: string,
  temporary: string,
  use: (sink: Sink) => Effect.Effect<A, E, R>,
  then: (prepared: Prepared<A>) => Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2 | ExportError, R | R2> =>
  Effect.acquireUseRelease(
    // If the creation of the file were interrupted, the new file would not be removed.
    Effect.uninterruptible(step("create", temporary, () => open(temporary, "wx"))).pipe(
      Effect.map((file) => new Draft(file, temporary, resolve(path)))
    ),
    (draft) =>
      Effect.gen(function* () {
        const value = yield* use(draft)
        const written = yield* draft.finish
        return yield* then({ ...written, value, commit: draft.commit })
      }),
    (draft) => draft.discard
  )

/** A temporary name in the folder of the file. */
export const temporaryName = (path: string): string => `${resolve(path)}.${randomUUID()}.tmp`

/** Makes a rename or a removal in the folder durable. */
export const syncFolder = (folder: string): Effect.Effect<void, ExportError> =>
  // Windows cannot open a folder, and its file systems need no such step.
  process.platform === "win32"
    ? Effect.void
    : step("sync the folder", folder, async () => {
        const handle = await open(folder, "r")
        try {
          await handle.sync()
        } finally {
          await handle.close().catch(() => {})
        }
      })

class Draft implements Sink {
  #isOpen = true
  #isCommitted = false
  #bytes = 0
  readonly #digest: Hash = createHash("sha256")

  constructor(
    readonly file: FileHandle,
    readonly temporary: string,
    readonly path: string
  ) {}

  write(bytes: Uint8Array): Effect.Effect<void, ExportError> {
    return Effect.suspend(() => {
      if (bytes.byteLength === 0) return Effect.void
      this.#digest.update(bytes)
      this.#bytes += bytes.byteLength
      return step("write", this.path, () => this.file.writeFile(bytes))
    })
  }

  get finish(): Effect.Effect<Written, ExportError> {
    return step("write", this.path, async () => {
      await this.file.sync()
      this.#isOpen = false
      await this.file.close()
      return { bytes: this.#bytes, sha256: this.#digest.digest("hex") }
    })
  }

  get commit(): Effect.Effect<void, ExportError> {
    return Effect.uninterruptible(
      Effect.zipRight(
        step("replace", this.path, async () => {
          await rename(this.temporary, this.path)
          this.#isCommitted = true
        }),
        syncFolder(dirname(this.path))
      )
    )
  }

  /**
   * Removes the file. A failure is ignored, because no reader opens a file with a temporary name.
   */
  get discard(): Effect.Effect<void> {
    return Effect.ignore(
      step("remove", this.temporary, async () => {
        if (this.#isOpen) await this.file.close().catch(() => {})
        if (!this.#isCommitted) await unlink(this.temporary)
      })
    )
  }
}
