import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"

/**
 * A hash of the modules that generate the data. These modules and the seed determine the data. The
 * name of a cached database contains the hash, so only the code that generated the database uses
 * it.
 */
export const dataVersion: Effect.Effect<string> = Effect.promise(async () => {
  const directory = new URL("../data/", import.meta.url)
  const files = (await readdir(directory)).filter((name) => name.endsWith(".js")).sort()
  const hash = createHash("sha256")
  for (const name of files) {
    hash.update(name).update(await readFile(new URL(name, directory)))
  }
  return hash.digest("hex").slice(0, 16)
})
