/** Serves the function of `server.ts` in Node, without Bun. */
import { serve } from "@hono/node-server"
import bunServer from "./server.js"

const server = serve({ fetch: bunServer.fetch, port: bunServer.port }, ({ port }) =>
  console.log(`http://localhost:${port}/`)
)

process.once("SIGTERM", () => server.close(() => process.exit()))
