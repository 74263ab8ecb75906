/**
 * The sockets of a client.
 *
 * A dispatcher that is destroyed leaves a socket alone that is still connecting: until its TLS
 * handshake fails, or for ever.
 */
import { Socket } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as undici from "undici"

type Connect = undici.buildConnector.connector

/** Milliseconds until a connection, a TLS handshake or a tunnel is given up. */
const connectTimeout = 10_000

/** Connects until the scope closes, which destroys every socket, whatever it is doing. */
export const makeConnect: Effect.Effect<Connect, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => new Set<Socket>()),
    (sockets) =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
      })
  ),
  (sockets) => {
    const connect = undici.buildConnector({ timeout: connectTimeout })
    return (options, callback) => {
      // It returns the socket, which its type does not tell.
      const socket: unknown = connect(options, callback)
      if (!(socket instanceof Socket)) return
      sockets.add(socket)
      socket.once("close", () => sockets.delete(socket))
    }
  }
)

/** Through a proxy. The tunnels' sockets are those to the proxy, which `connect` opens. */
export const throughProxy = (
  uri: string,
  connect: Connect,
  options: undici.Agent.Options
): undici.ProxyAgent =>
  new undici.ProxyAgent({
    ...options,
    uri,
    clientFactory: (url) =>
      // A proxy may never answer CONNECT.
      new undici.Pool(url, { connect, headersTimeout: connectTimeout }),
    factory: (origin, options) => {
      // They are those of the Pool that ProxyAgent would make, with its function for tunnels.
      const pool = options as undici.Pool.Options & { readonly connect: Connect }
      return new undici.Pool(origin, { ...pool, connect: failingOnce(pool.connect) })
    }
  })

/** undici connects again and again where an error of a tunnel is one of its own for sockets. */
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
      return Object.assign(new Error(`The proxy did not answer within ${connectTimeout} ms`), {
        code: "UND_ERR_CONNECT_TIMEOUT"
      })
    default:
      return error
  }
}
