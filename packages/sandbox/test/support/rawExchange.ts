import { connect } from "node:net"
import * as Effect from "effect/Effect"

/** Sends raw bytes, and returns everything that arrives until the server closes the connection. */
export const exchange = (url: string, bytes: string): Effect.Effect<string> =>
  Effect.async((resume) => {
    const { port } = new URL(url)
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes))
    let received = ""
    socket.on("data", (chunk) => {
      received += chunk.toString("utf8")
    })
    socket.on("error", () => {})
    socket.on("close", () => resume(Effect.succeed(received)))
    return Effect.sync(() => socket.destroy())
  })

/**
 * The bytes of a POST request with a text body. The request tells the server to close the
 * connection, so that the exchange ends.
 */
export const postBytes = (path: string, headers: ReadonlyArray<string>, body: string): string =>
  [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body
  ].join("\r\n")
