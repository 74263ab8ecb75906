import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { pipeline, Readable } from "node:stream"
import type { Encoding } from "../faults/FaultEffect.js"
import type { Answer } from "./Answer.js"
import { compressor } from "./compression.js"
import { hugePieces } from "./hugePieces.js"
import { longestWait } from "./realTime.js"

/** What goes over the wire: an answer whose body may also be bytes. */
export interface Sent extends Omit<Answer, "body"> {
  readonly body: Answer["body"] | Uint8Array
}

/** How an answer goes over the wire, which is where half of the faults are. */
export type Delivery =
  | { readonly _tag: "Whole"; readonly answer: Sent }
  /** Whole, but a page of another origin may not read it. */
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
  /** Whole; then the connection is closed, or left to be reset when it is used again. */
  | { readonly _tag: "Closed"; readonly answer: Sent }
  | { readonly _tag: "Abandoned"; readonly answer: Sent }
  /** The whole host is away for so long. */
  | { readonly _tag: "Away"; readonly milliseconds: number }

/** The status that the client sees, or null when it sees none. */
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

/** Whether a connection only seems to be open. */
export const isAbandoned = (socket: Socket): boolean => abandoned.has(socket)

/** Sends what is not about the host as a whole. */
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
      response.write(firstHalf(answer), () => response.destroy())
      return
    case "Stalled":
      writeHead(response, answer)
      response.write(firstHalf(answer))
      return
    case "Slow":
      writeHead(response, answer)
      sendSlowly(response, answer.body, delivery)
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

const piecesOf = (body: Sent["body"]): Iterable<string | Uint8Array> =>
  isWhole(body) ? [body] : body

const writeHead = (response: ServerResponse, { status, headers, body }: Sent): void => {
  response.writeHead(
    status,
    isWhole(body) ? { ...headers, "content-length": Buffer.byteLength(body) } : headers
  )
}

const sendWhole = (response: ServerResponse, answer: Sent): void => {
  writeHead(response, answer)
  if (isWhole(answer.body)) response.end(answer.body)
  else sendPieces(response, answer.body)
}

/** The next piece is made when the client has taken the last one, so a long answer needs no more memory than a short one. */
const sendPieces = (response: ServerResponse, body: Iterable<string>): void => {
  const pieces = body[Symbol.iterator]()
  const pump = (): void => {
    for (;;) {
      const next = pieces.next()
      if (next.done === true) {
        response.end()
        return
      }
      if (!response.write(next.value)) {
        response.once("drain", pump)
        return
      }
    }
  }
  pump()
}

/** Half of a body; of a body in pieces, half of its first one. */
const firstHalf = ({ body }: Sent): Buffer => {
  const [piece = ""] = piecesOf(body)
  const bytes = Buffer.from(piece)
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

const sendSlowly = (
  response: ServerResponse,
  body: Sent["body"],
  pace: { readonly bytes: number; readonly milliseconds: number }
): void => {
  const parts = partsOf(body, pace.bytes)
  const milliseconds = Math.min(pace.milliseconds, longestWait)
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    const part = parts.next()
    if (part.done === true) {
      response.end()
      return
    }
    response.write(part.value, () => {
      timer = setTimeout(next, milliseconds)
    })
  }
  response.once("close", () => clearTimeout(timer))
  next()
}

function* partsOf(body: Sent["body"], size: number): Generator<Uint8Array, void> {
  for (const piece of piecesOf(body)) {
    const bytes = Buffer.from(piece)
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
}

/** A body of that many bytes, which are made while they are sent. */
export const huge = (bytes: number): Sent => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: hugePieces(bytes)
})
