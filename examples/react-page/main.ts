/** Bundles the page and serves it, with the settings from the environment. */
import { fileURLToPath } from "node:url"
import { build, preview } from "vite"

const { INNERSPACE_AUTH0_AUDIENCE, INNERSPACE_AUTH0_CLIENT_ID, INNERSPACE_AUTH0_DOMAIN } =
  process.env
const settings = {
  baseUrl: process.env["INNERSPACE_BASE_URL"],
  domain: INNERSPACE_AUTH0_DOMAIN,
  clientId: INNERSPACE_AUTH0_CLIENT_ID,
  audience: INNERSPACE_AUTH0_AUDIENCE
}

// The build puts this file into dist/react-page.
const root = fileURLToPath(new URL("../../react-page", import.meta.url))
const outDir = fileURLToPath(new URL("site", import.meta.url))
const common = {
  configFile: false,
  root,
  logLevel: "warn",
  build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 1000, target: "es2022" }
} as const

await build({ ...common, define: { SETTINGS: JSON.stringify(settings) } })
const server = await preview({ ...common, preview: { port: Number(process.env["PORT"] ?? 3000) } })
console.log(server.resolvedUrls?.local[0])

process.once("SIGTERM", () => void server.close().then(() => process.exit()))
