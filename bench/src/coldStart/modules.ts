/** The modules that a fresh process imports. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import { copyPrograms, unpackPublished } from "../../../tools/published.mjs"

const clients = fileURLToPath(new URL("../clients", import.meta.url))

/**
 * A folder with the unpacked packages, as npm gets them, and with copies of the measured clients.
 * The clients that use innerspace-metrics are run from this folder.
 */
const published = fileURLToPath(
  new URL("../../../node_modules/.cache/bench/published", import.meta.url)
)

/** Packs and unpacks the packages. */
export const publish = (): void => {
  unpackPublished(published, ["core", "node-adapter"])
  copyPrograms(clients, published)
}

const moduleOf = (client: string): string =>
  join(client.startsWith("ours") ? join(published, "clients") : clients, `${client}.js`)

/** The URL of a client's module. The module imports the files that npm installs. */
export const installed = (client: string): string => pathToFileURL(moduleOf(client)).href

/**
 * The path of a bundle that contains a client's module and all of its imports. Bundles are deployed
 * to platforms with short-lived processes.
 */
export const withBundles = async <A>(
  use: (bundled: (client: string) => Promise<string>) => Promise<A>
): Promise<A> => {
  const directory = await mkdtemp(join(tmpdir(), "cold-start-"))
  try {
    return await use(async (client) => {
      const outfile = join(directory, `${client}.cjs`)
      await build({
        entryPoints: [moduleOf(client)],
        outfile,
        bundle: true,
        minify: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        // This module is loaded only if spans are recorded. No client records spans in this
        // section.
        external: ["./openTelemetry.js"],
        logLevel: "warning"
      })
      return outfile
    })
  } finally {
    await rm(directory, { recursive: true })
  }
}
