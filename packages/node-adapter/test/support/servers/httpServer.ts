/**
 * Runs a real HTTP server on loopback, for responses and connections that the sandbox cannot make.
 */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { until } from "../eventLoop.js"

export interface HttpServer {
  readonly url: string
  /** The number of connections that were opened since the start. */
  readonly connections: Effect.Effect<number>
  /** Waits until exactly this many connections are open. */
  readonly awaitOpenConnections: (count: number) => Effect.Effect<void>
  /** Stops listening and destroys every connection, as the end of the scope does. */
  readonly close: Effect.Effect<void>
}

export const listen = (handle: RequestListener): Effect.Effect<HttpServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    let connections = 0
    let openConnections = 0
    const server = createServer(handle)
    server.on("connection", (socket) => {
      connections++
      openConnections++
      socket.once("close", () => openConnections--)
    })
    const close = Effect.async<void>((resume) => {
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () => close
    )
    // A server on a port has an AddressInfo. Other types of address belong to pipes and closed
    // servers.
    const { port } = server.address() as AddressInfo
    return {
      url: `http://127.0.0.1:${port}`,
      connections: Effect.sync(() => connections),
      awaitOpenConnections: (count) => until(Effect.sync(() => openConnections === count)),
      close
    }
  })

/** A URL on loopback on which no server listens. */
export const unusedUrl: Effect.Effect<string> = Effect.scoped(
  Effect.map(
    listen((_request, response) => response.end()),
    (server) => server.url
  )
)
