import type { RequestListener } from "node:http"
import { createServer, request as send } from "node:http"
import { duplexPair } from "node:stream"
import * as Effect from "effect/Effect"
import type { Answer } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"

/**
 * Passes a request that has already been read to a Node request listener, and reads the response.
 * The two sides use HTTP over a pair of streams in this process, so no port is opened.
 */
export const make = (
  listener: RequestListener
): ((request: IncomingRequest) => Effect.Effect<Answer>) => {
  const server = createServer(listener)
  return ({ body, headers, method, url }) =>
    Effect.async((resume) => {
      const [near, far] = duplexPair()
      server.emit("connection", far)
      const outgoing = send({
        method,
        path: url,
        headers: { ...headers, connection: "close", "content-length": Buffer.byteLength(body) },
        createConnection: () => near
      })
      outgoing.once("error", (error) => resume(Effect.die(error)))
      outgoing.once("response", (incoming) => {
        const chunks: Array<Buffer> = []
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
        incoming.once("error", (error) => resume(Effect.die(error)))
        incoming.once("end", () =>
          resume(
            Effect.succeed({
              status: incoming.statusCode ?? 500,
              headers: endToEnd(incoming.headers),
              body: Buffer.concat(chunks).toString("utf8")
            })
          )
        )
      })
      outgoing.end(body)
      return Effect.sync(() => {
        outgoing.destroy()
        far.destroy()
      })
    })
}

/**
 * Headers that are not passed on. They belong to this internal connection, or are added to all
 * responses when they are sent.
 */
const local =
  /^(connection|keep-alive|transfer-encoding|content-length|date|vary|access-control-.*)$/

const endToEnd = (
  headers: Readonly<Record<string, string | Array<string> | undefined>>
): Answer["headers"] =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || local.test(name) ? [] : [[name, value]]
    )
  )
