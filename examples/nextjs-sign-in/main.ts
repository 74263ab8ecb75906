/** Serves the routes without Next.js. */
import { serve } from "@hono/node-server"

// Next.js knows its address before it loads a route.
const server = serve({
  port: Number(process.env["PORT"] ?? 3000),
  fetch: async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === "/") return Response.redirect(new URL("/week", request.url), 303)
    if (!pathname.startsWith("/auth/")) return (await import("./app/week/route.js")).GET(request)
    const { GET, POST } = await import("./app/auth/[step]/route.js")
    return request.method === "POST" ? POST(request) : GET(request)
  }
})
await new Promise((resolve) => server.once("listening", resolve))
const address = server.address()
process.env["APP_URL"] ??=
  `http://localhost:${typeof address === "object" ? address?.port : address}`
console.log(`${process.env["APP_URL"]}/`)

process.once("SIGTERM", () => server.close(() => process.exit()))
