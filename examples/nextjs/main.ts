/** Serves the route and the page without Next.js. */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { serve } from "@hono/node-server"
import { Hono } from "hono"
import { build } from "vite"

// The files of a Next.js app import each other without extensions. Node cannot load such files, so
// Vite builds them.
const root = fileURLToPath(new URL("../../nextjs", import.meta.url))
const buildEntry = async (input: string, ssr: boolean): Promise<string> => {
  // The build puts this file into dist/nextjs.
  const outDir = fileURLToPath(new URL(ssr ? "server" : "site", import.meta.url))
  await build({
    configFile: false,
    root,
    logLevel: "error",
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      ssr,
      rolldownOptions: { input, output: { entryFileNames: "entry.js" } }
    }
  })
  return `${outDir}/entry.js`
}

interface Server {
  readonly GET: (request: Request) => Promise<Response>
  readonly page: () => Promise<string>
}

const { GET, page }: Server = await import(await buildEntry("server.tsx", true))
const script = await readFile(await buildEntry("hydrate.tsx", false), "utf8")

const app = new Hono()
  .get("/api/occupancy", ({ req }) => GET(req.raw))
  .get("/occupancy", async (context) => context.html(await page()))
  .get("/hydrate.js", (context) => context.body(script, 200, { "content-type": "text/javascript" }))

const server = serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}/occupancy`)
)

process.once("SIGTERM", () => server.close(() => process.exit()))
