/** Serves the Worker's function in Node, without workerd. */
import { serve } from "@hono/node-server"
import worker from "./worker.js"

const env = {
  INNERSPACE_CLIENT_ID: process.env["INNERSPACE_CLIENT_ID"] ?? "",
  INNERSPACE_CLIENT_SECRET: process.env["INNERSPACE_CLIENT_SECRET"] ?? "",
  ...(process.env["INNERSPACE_BASE_URL"] === undefined
    ? {}
    : { INNERSPACE_BASE_URL: process.env["INNERSPACE_BASE_URL"] })
}

const server = serve(
  {
    fetch: (request) => worker.fetch(request, env),
    port: Number(process.env["PORT"] ?? 3000)
  },
  ({ port }) => console.log(`http://localhost:${port}/`)
)

process.once("SIGTERM", () => server.close(() => process.exit()))
