/** Turns the bytes of a body into text, up to a limit. */
import type * as Clock from "effect/Clock"
import * as Either from "effect/Either"
import type { Answer, BodyCollector, Options, ReceivedAnswer } from "../../HttpExchange.js"
import { ResponseError } from "../../MetricsError.js"

/** Collects a body as it arrives. */
export const collectBody = (
  status: number,
  headers: { readonly [name: string]: string },
  options: Options
): BodyCollector => {
  // Only untyped JavaScript can pass anything else. NaN allows nothing, because every comparison
  // with NaN is false.
  const maxBodySize = typeof options.maxBodySize === "number" ? options.maxBodySize : Number.NaN
  const tooLarge = (size: string) =>
    new ResponseError({
      reason: "TooLarge",
      problem: `The response body has ${size} bytes, more than the limit of ${maxBodySize}`,
      hint,
      status,
      excerpt: ""
    })
  const maxNested = Math.max(minNested, maxBodySize / bytesOfOne)
  const tooMany = () =>
    new ResponseError({
      reason: "TooLarge",
      problem: `The response has more than ${Math.floor(maxNested)} objects and lists, in a body of at least ${size} bytes`,
      hint,
      status,
      excerpt: ""
    })
  const declared = headers["content-length"]
  const pieces: Array<Uint8Array> = []
  let size = 0
  let nested = 0
  return {
    refusal: Number(declared) > maxBodySize ? tooLarge(`${declared}`) : undefined,
    accept: (bytes) => {
      size += bytes.length
      if (!(size <= maxBodySize)) return tooLarge(`at least ${size}`)
      if (size > uncounted) nested += openings(bytes)
      if (nested > maxNested) return tooMany()
      pieces.push(bytes)
      return undefined
    },
    bytes: () => join(pieces, size)
  }
}

const hint = "Set limit, select fewer columns, stream with a smaller pageSize, or raise maxBodySize"

/** In bytes. Up to this size nothing is counted, because such a body is parsed quickly. */
const uncounted = 1024 * 1024

/**
 * In bytes. An object or a list costs a program far more time and memory than its two bytes
 * suggest, so a body that consists only of brackets would keep it busy for many seconds. A body of
 * rows has more bytes than this for each object or list.
 */
const bytesOfOne = 32

/** This many are allowed, whatever the limit of the body is. */
const minNested = 2_000_000

/** Counts `[` and `{`, which differ in one bit. */
const openings = (bytes: Uint8Array): number => {
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    if (((bytes[at] ?? 0) | 0x20) === 0x7b) count++
  }
  return count
}

const join = (pieces: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return first
  const whole = new Uint8Array(size)
  let end = 0
  for (const piece of pieces) {
    whole.set(piece, end)
    end += piece.length
  }
  return whole
}

export const toAnswer = ({ body, headers, status }: ReceivedAnswer, clock: Clock.Clock): Answer => {
  const strict = Either.try(() => strictDecoder.decode(body))
  const isUtf8 = Either.isRight(strict)
  // A message needs only the beginning, and each invalid byte would take two bytes as text.
  const text = isUtf8 ? strict.right : lenientDecoder.decode(body.subarray(0, maxDamaged))
  return {
    status,
    headers,
    body: text,
    isUtf8,
    receivedAt: clock.unsafeCurrentTimeMillis()
  }
}

/** In bytes. */
const maxDamaged = 64 * 1024

// Decoders get whole bodies only, so they keep no state from one body to the next.
const strictDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })
const lenientDecoder = /* @__PURE__ */ new TextDecoder()
