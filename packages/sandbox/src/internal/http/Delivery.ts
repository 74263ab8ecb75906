import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { pipeline, Readable } from "node:stream"
import { setImmediate, setTimeout } from "node:timers/promises"
import type { Encoding } from "../faults/FaultEffect.js"
import type { Answer, Pieces } from "./Answer.js"
import { compressor } from "./compression.js"
import { hugePieces } from "./faults/hugePieces.js"
import { longestWait } from "./realTime.js"

/** A response to send. Its body may also be bytes. */
export interface Sent extends Omit<Answer, "body"> {
  readonly body: Answer["body"] | Uint8Array
}

/** How a response is sent. About half of the faults change only this delivery. */
export type Delivery =
  | { readonly _tag: "Whole"; readonly answer: Sent }
  /** The complete response, which a page of another origin may not read. */
  | { readonly _tag: "WithoutCors"; readonly answer: Sent }
  | { readonly _tag: "Compressed"; readonly answer: Sent; readonly encoding: Encoding }
  | { readonly _tag: "Cut"; readonly answer: Sent }
  | { readonly _tag: "Stalled"; readonly answer: Sent }
  | {
      readonly _tag: "Slow"
      readonly answer: Sent
      readonly bytes: number
      readonly milliseconds: number
    }
  | { readonly _tag: "Reset" }
  /** The complete response. Then the connection is closed. */
  | { readonly _tag: "Closed"; readonly answer: Sent }
  /** The complete response. The connection is reset when it is used again. */
  | { readonly _tag: "Abandoned"; readonly answer: Sent }
  /** The host is offline for this long. */
  | { readonly _tag: "Away"; readonly milliseconds: number }

/** The status that the client gets, or null if it gets none. */
export const statusOf = (delivery: Delivery): number | null => {
  switch (delivery._tag) {
    case "Away":
    case "Reset":
      return null
    default:
      return delivery.answer.status
  }
}

const abandoned = new WeakSet<Socket>()

/** Whether the connection only seems to be open. It is reset at the next request. */
export const isAbandoned = (socket: Socket): boolean => abandoned.has(socket)

/** Performs every delivery except an outage of the host. */
export const deliver = (
  response: ServerResponse,
  delivery: Exclude<Delivery, { readonly _tag: "Away" }>
): void => {
  const { socket } = response
  if (delivery._tag === "Reset") {
    socket?.resetAndDestroy()
    return
  }
  const { answer } = delivery
  switch (delivery._tag) {
    case "Whole":
    case "WithoutCors":
      sendWhole(response, answer)
      return
    case "Compressed":
      response.writeHead(answer.status, {
        ...answer.headers,
        "content-encoding": delivery.encoding
      })
      pipeline(
        Readable.from(piecesOf(answer.body)),
        compressor(delivery.encoding),
        response,
        () => {}
      )
      return
    case "Cut":
      writeHead(response, answer)
      void firstHalf(answer).then((half) => response.write(half, () => response.destroy()))
      return
    case "Stalled":
      writeHead(response, answer)
      void firstHalf(answer).then((half) => response.write(half))
      return
    case "Slow":
      writeHead(response, answer)
      send(response, slowly(answer.body, delivery, leaving(response)))
      return
    case "Closed":
      response.once("finish", () => socket?.end())
      sendWhole(response, answer)
      return
    case "Abandoned":
      if (socket !== null) abandoned.add(socket)
      sendWhole(response, answer)
      return
  }
}

const isWhole = (body: Sent["body"]): body is string | Uint8Array =>
  typeof body === "string" || body instanceof Uint8Array

const piecesOf = (body: Sent["body"]): Pieces => (isWhole(body) ? [body] : body)

const writeHead = (response: ServerResponse, { status, headers, body, size }: Sent): void => {
  const length = isWhole(body) ? Buffer.byteLength(body) : size
  response.writeHead(
    status,
    length === undefined ? headers : { ...headers, "content-length": length }
  )
}

const sendWhole = (response: ServerResponse, answer: Sent): void => {
  writeHead(response, answer)
  if (isWhole(answer.body)) response.end(answer.body)
  else send(response, inTurns(answer.body))
}

/**
 * Sends the chunks of a body. Each chunk is made after the client has read the previous chunk, so a
 * long response needs no more memory than a short one.
 */
const send = (response: ServerResponse, pieces: Pieces): void => {
  pipeline(Readable.from(pieces, { highWaterMark: 1 }), response, () => {})
}

/** After this many bytes, other requests are served, even if the client reads fast. */
const turn = 262_144

async function* inTurns(body: Pieces): AsyncIterable<string | Uint8Array> {
  let sent = 0
  for await (const piece of body) {
    yield piece
    sent += piece.length
    if (sent > turn) {
      sent = 0
      await setImmediate()
    }
  }
}

/** The first half of a body, or of the first chunk of a body in chunks. */
const firstHalf = async ({ body }: Sent): Promise<Buffer> => {
  for await (const piece of piecesOf(body)) {
    const bytes = Buffer.from(piece)
    return bytes.subarray(0, Math.floor(bytes.length / 2))
  }
  return Buffer.alloc(0)
}

const leaving = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController()
  response.once("close", () => controller.abort())
  return controller.signal
}

async function* slowly(
  body: Sent["body"],
  pace: { readonly bytes: number; readonly milliseconds: number },
  signal: AbortSignal
): AsyncIterable<string | Uint8Array> {
  const milliseconds = Math.min(pace.milliseconds, longestWait)
  for await (const piece of piecesOf(body)) {
    const bytes = Buffer.from(piece)
    for (let at = 0; at < bytes.length; at += pace.bytes) {
      yield bytes.subarray(at, at + pace.bytes)
      await setTimeout(milliseconds, undefined, { signal })
    }
  }
}

/** A response with a body of `bytes` bytes, which are made while they are sent. */
export const huge = (bytes: number): Sent => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: hugePieces(bytes)
})
