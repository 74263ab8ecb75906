/** Collects the bytes of a body, up to a limit, and turns them into text. */
import type * as Clock from "effect/Clock"
import * as Either from "effect/Either"
import type { Answer, BodyCollector, Options, ReceivedAnswer } from "../../HttpExchange.js"
import { ResponseError } from "../../MetricsError.js"

/** Collects a body as it arrives. */
export const collectBody = (
  status: number,
  headers: { readonly [name: string]: string },
  { maxBodySize }: Options
): BodyCollector =>
  new Collector(
    status,
    headers["content-length"],
    // JavaScript callers can pass a value that is not a number. The limit is then NaN, and rejects
    // every body, because every comparison with NaN is false.
    typeof maxBodySize === "number" ? maxBodySize : Number.NaN
  )

/**
 * This is a class, because V8 compiles a method only once. If each response created closures, V8
 * would compile the closures of later responses again.
 */
class Collector implements BodyCollector {
  readonly chunks: Array<Uint8Array> = []
  readonly refusal: ResponseError | undefined
  readonly #status: number
  readonly #maxBodySize: number
  #size = 0
  #nested = 0

  constructor(status: number, declared: string | undefined, maxBodySize: number) {
    this.#status = status
    this.#maxBodySize = maxBodySize
    this.refusal = Number(declared) > maxBodySize ? this.#tooLarge(`${declared}`) : undefined
  }

  accept(bytes: Uint8Array): ResponseError | undefined {
    this.#size += bytes.length
    if (!(this.#size <= this.#maxBodySize)) return this.#tooLarge(`at least ${this.#size}`)
    if (this.#size > uncounted) {
      this.#nested += openings(bytes)
      const most = Math.max(minNested, this.#maxBodySize / bytesOfOne)
      if (this.#nested > most) return this.#tooMany(Math.floor(most))
    }
    this.chunks.push(bytes)
    return undefined
  }

  #tooLarge(size: string): ResponseError {
    return this.#error(
      `The response body has ${size} bytes, more than the limit of ${this.#maxBodySize}`
    )
  }

  #tooMany(most: number): ResponseError {
    return this.#error(
      `The response has more than ${most} objects and lists, in a body of at least ${this.#size} bytes`
    )
  }

  #error(problem: string): ResponseError {
    return new ResponseError({
      reason: "TooLarge",
      problem,
      hint,
      status: this.#status,
      excerpt: ""
    })
  }
}

const hint = "Set limit, select fewer columns, stream with a smaller pageSize, or raise maxBodySize"

/**
 * Brackets are counted only after this many bytes of a body. A body of this size is parsed quickly,
 * whatever it contains.
 */
const uncounted = 1024 * 1024

/**
 * A body may have `maxBodySize / bytesOfOne` objects and lists, whatever the size of the body is.
 * An empty object has only two bytes, but parsing it takes far more time and memory than parsing
 * two bytes of a text. A body that consists only of brackets would therefore keep a program busy
 * for many seconds. A body of rows has more than 32 bytes for each object or list.
 */
const bytesOfOne = 32

/**
 * The number of objects and lists that a body may always have, even if `maxBodySize` is small.
 */
const minNested = 2_000_000

/**
 * Counts the characters `[` and `{`. Their codes differ in only one bit, so one comparison finds
 * both characters.
 */
const openings = (bytes: Uint8Array): number => {
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    if (((bytes[at] ?? 0) | 0x20) === 0x7b) count++
  }
  return count
}

const join = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0))
  let end = 0
  for (const chunk of chunks) {
    whole.set(chunk, end)
    end += chunk.length
  }
  return whole
}

export const toAnswer = ({ body, headers, status }: ReceivedAnswer, clock: Clock.Clock): Answer => {
  const bytes = join(body)
  const strict = Either.try(() => strictDecoder.decode(bytes))
  const isUtf8 = Either.isRight(strict)
  // A body that is not UTF-8 is only quoted in an error, and the beginning is enough for the quote.
  // A text of the whole body could take twice as much memory as the bytes.
  const text = isUtf8 ? strict.right : lenientDecoder.decode(bytes.subarray(0, maxDamaged))
  return {
    status,
    headers,
    body: text,
    isUtf8,
    receivedAt: clock.unsafeCurrentTimeMillis()
  }
}

/** If a body is not UTF-8, only this many bytes of it are turned into text. */
const maxDamaged = 64 * 1024

// All exchanges can use these two decoders. A decoder keeps no state between calls, because each
// call decodes a whole body.
const strictDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })
const lenientDecoder = /* @__PURE__ */ new TextDecoder()
