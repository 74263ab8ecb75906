/** From the bytes of a body to its text, up to a limit. */
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
  // Only JavaScript gives anything else. What is not a number allows nothing: every comparison with
  // NaN is false.
  const maxBodySize = typeof options.maxBodySize === "number" ? options.maxBodySize : Number.NaN
  const tooLarge = (size: string) =>
    new ResponseError({
      reason: "TooLarge",
      problem: `The answer's body has ${size} bytes, more than the limit of ${maxBodySize}`,
      hint,
      status,
      excerpt: ""
    })
  const maxNested = Math.max(minNested, maxBodySize / bytesOfOne)
  const tooMany = () =>
    new ResponseError({
      reason: "TooLarge",
      problem: `The answer has more than ${Math.floor(maxNested)} objects and lists, in a body of at least ${size} bytes`,
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

const hint = "Set a limit, select fewer columns, use stream with a pageSize, or raise maxBodySize"

/** In bytes. Whatever the first of a body hold is read in no time. */
const uncounted = 1024 * 1024

/**
 * An object or a list takes a program far more time and memory than its two bytes, so a body of
 * nothing else would keep it busy for many seconds. Rows have more than so many bytes for each,
 * where they are that many.
 */
const bytesOfOne = 32

/** So many are let through whatever the limit of the body is. */
const minNested = 2_000_000

/** How often `[` and `{` occur; they differ in one bit. */
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
  // Only its beginning is of use to a message, and each byte that does not fit would make two.
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

// Whole bodies only, so a decoder keeps nothing from one to the next.
const strictDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })
const lenientDecoder = /* @__PURE__ */ new TextDecoder()
