/**
 * The sockets of a client.
 *
 * Destroying a dispatcher does not close a socket that is still connecting. The socket would stay
 * open until its TLS handshake fails, which may never happen. This module therefore destroys the
 * sockets itself.
 */
import { Socket } from "node:net"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as undici from "undici/index.js"
import buildConnector from "undici/lib/core/connect.js"
import Pool from "undici/lib/dispatcher/pool.js"

type Connect = undici.buildConnector.connector

/** Milliseconds until a connection attempt, a TLS handshake or a tunnel times out. */
const connectTimeout = 10_000

/** A connector whose sockets are all destroyed when the scope closes. */
export const makeConnect: Effect.Effect<Connect, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => new Set<Socket>()),
    (sockets) =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
      })
  ),
  (sockets) => {
    const connect = buildConnector({ timeout: connectTimeout })
    return (options, callback) => {
      // The connector returns the socket, although its type does not say so.
      const socket: unknown = connect(options, callback)
      if (!(socket instanceof Socket)) return
      sockets.add(socket)
      socket.once("close", () => sockets.delete(socket))
    }
  }
)

interface ProxyParts {
  readonly ProxyAgent: typeof undici.ProxyAgent
  readonly requestTunnel: undici.Dispatcher["connect"]
}

/** Loads what only a client with a proxy needs. */
export const loadProxyAgent: Effect.Effect<ProxyParts, ConfigurationError> = Effect.tryPromise({
  try: async () => ({
    ProxyAgent: (await import("undici/lib/dispatcher/proxy-agent.js")).default,
    requestTunnel: (await import("undici/lib/api/api-connect.js")).default
  }),
  catch: (cause) =>
    new ConfigurationError({
      reason: "UnsupportedRuntime",
      problem: `The ProxyAgent of undici cannot be loaded: ${cause}`,
      hint: "Install undici 7 again, or unset HTTPS_PROXY and HTTP_PROXY"
    })
})

/**
 * A dispatcher through a proxy. `connect` opens the sockets to the proxy. The tunnels use these
 * sockets.
 */
export const throughProxy = (
  { ProxyAgent, requestTunnel }: ProxyParts,
  uri: string,
  connect: Connect,
  options: undici.Agent.Options
): undici.ProxyAgent =>
  new ProxyAgent({
    ...options,
    uri,
    clientFactory: (url) =>
      // A proxy may never respond to CONNECT, so this request has a timeout. A ProxyAgent calls the
      // method `connect`, which only undici's main module adds to the pools.
      Object.assign(new Pool(url, { connect, headersTimeout: connectTimeout }), {
        connect: requestTunnel
      }),
    factory: (origin, options) => {
      // ProxyAgent passes the options for the Pool, including ProxyAgent's own connector for
      // tunnels.
      const pool = options as undici.Pool.Options & { readonly connect: Connect }
      return new Pool(origin, { ...pool, connect: failingOnce(pool.connect) })
    }
  })

/**
 * Replaces undici's own socket errors. If a tunnel fails with such an error, undici reconnects
 * without end.
 */
const failingOnce =
  (connect: Connect): Connect =>
  (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null) callback(null, socket)
      else callback(tunnelError(error), null)
    })

const tunnelError = (error: Error): Error => {
  switch ("code" in error ? error.code : undefined) {
    case "UND_ERR_SOCKET":
    case "UND_ERR_INFO":
      return Object.assign(new Error("The proxy closed the connection", { cause: error.message }), {
        code: "ECONNRESET"
      })
    case "UND_ERR_HEADERS_TIMEOUT":
      return Object.assign(new Error(`The proxy did not respond within ${connectTimeout} ms`), {
        code: "UND_ERR_CONNECT_TIMEOUT"
      })
    default:
      return error
  }
}
