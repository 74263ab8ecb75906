import type { ServerResponse } from "node:http"
import type { Answer } from "./Answer.js"

/** How an answer goes over the wire, which is where half of the faults are. */
export type Delivery =
  | { readonly _tag: "Whole"; readonly answer: Answer }
  /** Whole, but a page of another origin may not read it. */
  | { readonly _tag: "WithoutCors"; readonly answer: Answer }
  | { readonly _tag: "Cut"; readonly answer: Answer }
  | { readonly _tag: "Stalled"; readonly answer: Answer }
  | { readonly _tag: "Reset" }
  | { readonly _tag: "Huge"; readonly bytes: number }

/** The status that the client sees, or null when it sees none. */
export const statusOf = (delivery: Delivery): number | null => {
  switch (delivery._tag) {
    case "Reset":
      return null
    case "Huge":
      return 200
    default:
      return delivery.answer.status
  }
}

export const deliver = (response: ServerResponse, delivery: Delivery): void => {
  switch (delivery._tag) {
    case "Whole":
    case "WithoutCors":
      writeHead(response, delivery.answer)
      if (typeof delivery.answer.body === "string") response.end(delivery.answer.body)
      else sendPieces(response, delivery.answer.body)
      return
    case "Cut":
      writeHead(response, delivery.answer)
      response.write(firstHalf(delivery.answer), () => response.destroy())
      return
    case "Stalled":
      writeHead(response, delivery.answer)
      response.write(firstHalf(delivery.answer))
      return
    case "Reset":
      response.socket?.resetAndDestroy()
      return
    case "Huge":
      response.writeHead(200, { "content-type": "application/json; charset=utf-8" })
      streamHuge(response, delivery.bytes)
      return
  }
}

const writeHead = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(
    status,
    typeof body === "string" ? { ...headers, "content-length": Buffer.byteLength(body) } : headers
  )
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

/** Half of a text; of a body in pieces, half of its first one. */
const firstHalf = ({ body }: Answer): Buffer => {
  const [piece = ""] = typeof body === "string" ? [body] : body
  const bytes = Buffer.from(piece)
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

const prefix = `{"data":{"data":[{"feature_value":null}`
const row = `,{"feature_value":{"1":10,"2":20,"3":30},"date_time_start":"2024-01-01T06:00:00+00:00"}`
const suffix = "]}}"
const chunk = row.repeat(700)

/** Rows up to the size, then spaces, which JSON allows anywhere, so that the number of bytes is exact. */
const streamHuge = (response: ServerResponse, bytes: number): void => {
  if (bytes < prefix.length + suffix.length) {
    response.end(" ".repeat(bytes))
    return
  }
  let left = bytes - prefix.length - suffix.length
  response.write(prefix)
  const pump = (): void => {
    while (left >= row.length) {
      const part = left >= chunk.length ? chunk : row
      left -= part.length
      if (!response.write(part)) {
        response.once("drain", pump)
        return
      }
    }
    response.end(" ".repeat(left) + suffix)
  }
  pump()
}
