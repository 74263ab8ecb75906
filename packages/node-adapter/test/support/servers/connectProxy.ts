/**
 * A proxy for CONNECT (RFC 9110, section 9.3.6) that connects every host to one port on loopback
 * and records what it sees.
 */
import { createServer, type IncomingHttpHeaders } from "node:http"
import { connect, type Socket } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { listening } from "./listening.js"

export interface Seen {
  /** The host and the port in the client's CONNECT request. */
  readonly authority: string
  readonly headers: IncomingHttpHeaders
}

export interface ConnectProxy {
  readonly port: number
  readonly seen: Effect.Effect<ReadonlyArray<Seen>>
  /** Every byte that clients sent through the tunnels, as Latin-1. */
  readonly tunnelled: Effect.Effect<string>
}

export const listenProxy = (
  targetPort: number,
  authorization?: string
): Effect.Effect<ConnectProxy, never, Scope.Scope> =>
  Effect.gen(function* () {
    const seen: Array<Seen> = []
    const sockets = new Set<Socket>()
    let tunnelled = ""
    const keep = (socket: Socket) => {
      sockets.add(socket)
      // The other end may close first.
      socket.on("error", () => socket.destroy())
      socket.on("close", () => sockets.delete(socket))
    }
    const server = createServer((_request, response) => response.writeHead(405).end())
    server.on("connection", keep)
    server.on("connect", (request, socket: Socket) => {
      seen.push({ authority: request.url ?? "", headers: request.headers })
      if (authorization !== undefined && request.headers["proxy-authorization"] !== authorization) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
        return
      }
      const target = connect(targetPort, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
        socket.pipe(target).pipe(socket)
      })
      keep(target)
      socket.on("data", (bytes: Buffer) => {
        tunnelled += bytes.toString("latin1")
      })
    })
    const port = yield* listening(server, sockets)
    return {
      port,
      seen: Effect.sync(() => [...seen]),
      tunnelled: Effect.sync(() => tunnelled)
    }
  })
