/** Runs an API with TLS on loopback. A client must explicitly trust its certificate. */
import type { RequestListener } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { certificate, key } from "./selfSigned.js"

export interface TlsServer {
  readonly port: number
  /** The number of requests over TLS. */
  readonly requests: Effect.Effect<number>
}

/** Responds with a token, or with one row. */
const answering: RequestListener = (request, response) => {
  response.setHeader("content-type", "application/json")
  response.end(
    JSON.stringify(
      request.url?.endsWith("/token")
        ? { access_token: "canary-token", expires_in: 3600 }
        : { data: { building_features: [{ feature_value: 7 }] } }
    )
  )
}

export const listenTls = (
  handle: RequestListener = answering
): Effect.Effect<TlsServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    let requests = 0
    const server = createServer({ key, cert: certificate }, (request, response) => {
      requests++
      handle(request, response)
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    )
    // A server on a port has an AddressInfo. Other types of address belong to pipes and closed
    // servers.
    const { port } = server.address() as AddressInfo
    return { port, requests: Effect.sync(() => requests) }
  })
