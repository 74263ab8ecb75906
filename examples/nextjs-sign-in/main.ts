/** Serves the routes without Next.js, because Next.js takes a third of a gigabyte on the disk. */
import { fileURLToPath } from "node:url"
import { serve } from "@hono/node-server"
import { createServer } from "vite"

interface Route {
  readonly GET: (request: Request) => Promise<Response>
  readonly POST?: (request: Request) => Promise<Response>
}

// Vite resolves and compiles the modules as Next.js does.
const modules = await createServer({
  root: fileURLToPath(new URL("../../nextjs-sign-in/", import.meta.url)),
  configFile: false,
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false },
  ssr: { external: true }
})

// Each route file exports the methods of `Route`.
const routeOf = (path: string) => modules.ssrLoadModule(path) as Promise<Route>

// Like Next.js, start the server before the routes are loaded, because the routes need the address
// of the server.
const server = serve({
  port: Number(process.env["PORT"] ?? 3000),
  fetch: async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === "/") return Response.redirect(new URL("/week", request.url), 303)
    const isSignIn = pathname.startsWith("/auth/")
    const route = await routeOf(isSignIn ? "/app/auth/[step]/route.ts" : "/app/week/route.ts")
    return request.method === "POST" && route.POST !== undefined
      ? route.POST(request)
      : route.GET(request)
  }
})
await new Promise((resolve) => server.once("listening", resolve))
const address = server.address()
process.env["APP_URL"] ??=
  `http://localhost:${typeof address === "object" ? address?.port : address}`
console.log(`${process.env["APP_URL"]}/`)

process.once("SIGTERM", () => server.close(() => void modules.close().then(() => process.exit())))
