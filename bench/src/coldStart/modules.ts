/** The modules that a fresh process imports. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import { copyPrograms, unpackPublished } from "../../../tools/published.mjs"

const clients = fileURLToPath(new URL("../clients", import.meta.url))

/** Where the clients of innerspace-metrics import the packages as they are published. */
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

/** The URL of a client's module. Its imports are files, as npm installs them. */
export const installed = (client: string): string => pathToFileURL(moduleOf(client)).href

/**
 * The path of a client's module with all of its imports in one file, as it is deployed to platforms
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
        entryPoints: [moduleOf(client)],
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
      return outfile
    })
  } finally {
    await rm(directory, { recursive: true })
  }
}
