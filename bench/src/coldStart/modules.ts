/** The modules that a fresh process imports. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

const moduleOf = (client: string): URL => new URL(`../clients/${client}.js`, import.meta.url)

/** The URL of a client's module, whose imports are files, as npm installs them. */
export const installed = (client: string): string => moduleOf(client).href

/**
 * Gives a client's module as one file with all that it imports, as it is deployed to where
 * processes are short.
 */
export const withBundles = async <A>(
  use: (bundled: (client: string) => Promise<string>) => Promise<A>
): Promise<A> => {
  const directory = await mkdtemp(join(tmpdir(), "cold-start-"))
  try {
    return await use(async (client) => {
      const outfile = join(directory, `${client}.cjs`)
      await build({
        entryPoints: [fileURLToPath(moduleOf(client))],
        outfile,
        bundle: true,
        minify: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        // Loaded where spans are recorded, which is nowhere here.
        external: ["./openTelemetry.js"],
        logLevel: "warning"
      })
      return pathToFileURL(outfile).href
    })
  } finally {
    await rm(directory, { recursive: true })
  }
}
