/** A body collected as it comes, up to a limit. */
import type { BodyCollector, Options } from "../HttpExchange.js"
import { ResponseError } from "../MetricsError.js"

export const collectBody = (
  status: number,
  headers: { readonly [name: string]: string },
  options: Options
): BodyCollector => {
  // Only JavaScript gives anything else. What is not a number allows nothing: every comparison with NaN is false.
  const maxBodySize = typeof options.maxBodySize === "number" ? options.maxBodySize : Number.NaN
  const tooLarge = (size: string) =>
    new ResponseError({
      reason: "TooLarge",
      problem: `The answer's body has ${size} bytes, more than the limit of ${maxBodySize}`,
      hint: "Ask for fewer rows or columns, or raise maxBodySize",
      status,
      excerpt: ""
    })
  const declared = headers["content-length"]
  const pieces: Array<Uint8Array> = []
  let size = 0
  return {
    refusal:
      declared !== undefined && !(Number(declared) <= maxBodySize)
        ? tooLarge(`${declared}`)
        : undefined,
    accept: (bytes) => {
      size += bytes.length
      if (!(size <= maxBodySize)) return tooLarge(`at least ${size}`)
      pieces.push(bytes)
      return undefined
    },
    bytes: () => join(pieces, size)
  }
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
