/** The modules that a fresh process imports. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

const moduleOf = (client: string): URL => new URL(`../clients/${client}.js`, import.meta.url)

/** The URL of a client's module. Its imports are files, as npm installs them. */
export const installed = (client: string): string => moduleOf(client).href

/**
 * Bundles a client's module with all of its imports into one file, as it is deployed to platforms
 * with short-lived processes.
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
        // Loaded only if spans are recorded, which no client does here.
        external: ["./openTelemetry.js"],
        logLevel: "warning"
      })
      return pathToFileURL(outfile).href
    })
  } finally {
    await rm(directory, { recursive: true })
  }
}
