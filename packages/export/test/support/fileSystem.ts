/** Makes the file system fail. */
import { type FileHandle, open } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"

/** Runs an effect while a step of every open file fails with a code, as on a full disk. */
export const failing =
  (step: "writeFile" | "sync", code: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.promise(async () => {
        const prototype = await prototypeOfFiles()
        const original = prototype[step]
        prototype[step] = () => Promise.reject(Object.assign(new Error(code), { code }))
        return () => {
          // `original` is the function that had this name before.
          prototype[step] = original as never
        }
      }),
      () => effect,
      (restore) => Effect.sync(restore)
    )

const prototypeOfFiles = async (): Promise<FileHandle> => {
  const file = await open(join(tmpdir(), `export-${process.pid}.tmp`), "w")
  await file.close()
  return Object.getPrototypeOf(file)
}
