import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"

/**
 * A name for everything that decides the data apart from the seed: the modules that generate it.
 * Taken from the code itself, so that a cache can never be older than the code that reads it.
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
