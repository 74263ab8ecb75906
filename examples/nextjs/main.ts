/** Serves the route without Next.js. */
import { serve } from "@hono/node-server"
import { GET } from "./app/api/occupancy/route.js"

const server = serve({ fetch: GET, port: Number(process.env["PORT"] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}/api/occupancy?month=2024-03`)
)

process.once("SIGTERM", () => server.close(() => process.exit()))
