/**
 * Compressed bodies (RFC 9110, section 8.4). A server may compress a body even if the request did
 * not ask for it.
 */
import { PassThrough, pipeline, Readable, type Transform } from "node:stream"
import * as zlib from "node:zlib"

/** The encodings that requests accept. */
export const acceptEncoding = "gzip, br"

/**
 * The decoders of a content encoding, or `undefined` if the body is not compressed, has an unknown
 * encoding, or has more than `most` encodings.
 */
export const decodingOf = (contentEncoding: string | undefined): Decoding | undefined => {
  if (contentEncoding === undefined) return undefined
  const names = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity")
    // Encodings are listed in the order in which they were applied, so they are decoded in reverse
    // order.
    .reverse()
  const decoders = names.flatMap((name) => known.get(name) ?? [])
  const isKnown = decoders.length === names.length && names.length > 0 && names.length <= most
  return isKnown ? decoders : undefined
}

export type Decoding = ReadonlyArray<() => Transform>

/** The largest number of encodings of one body. Servers normally use one encoding. */
const most = 3

const known: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", () => zlib.createGunzip()],
  ["x-gzip", () => zlib.createGunzip()],
  ["br", () => zlib.createBrotliDecompress()],
  ["deflate", () => zlib.createInflate()]
])

/** The decoded body. Errors occur on the stream that is returned. */
const decoded = (decoding: Decoding, body: Readable): Readable =>
  decoding.reduce((source, make) => pipeline(source, make(), () => {}), body)

/** Decodes a body while it arrives. Closing the decoded stream early also closes the body. */
export const decodeStream = (decoding: Decoding, body: Readable): Readable =>
  Readable.from(expanded(decoding, body[Symbol.asyncIterator]()))

async function* expanded(decoding: Decoding, pieces: AsyncIterator<Uint8Array>) {
  const first = await pieces.next()
  // A response without a body can also have a `content-encoding`, but has nothing to decode.
  if (first.done === true) return
  yield* decoded(decoding, Readable.from(allOf(first.value, pieces)))
}

async function* allOf(first: Uint8Array, others: AsyncIterator<Uint8Array>) {
  try {
    yield first
    for (let next = await others.next(); next.done !== true; next = await others.next()) {
      yield next.value
    }
  } finally {
    await others.return?.()
  }
}

/** Decodes chunks that undici delivers. */
export interface Expansion {
  /** Returns whether more bytes may be written before `drain` is called. */
  readonly write: (bytes: Uint8Array) => boolean
  readonly end: () => void
  readonly abort: () => void
}

export const expand = (
  decoding: Decoding,
  on: {
    readonly data: (bytes: Uint8Array) => void
    readonly drain: () => void
    readonly end: () => void
    readonly error: (error: Error) => void
  }
): Expansion => {
  const source = new PassThrough().on("drain", on.drain)
  let isEmpty = true
  // The decoder is created with the first chunk, because a response without a body has nothing to
  // decode.
  const begin = () => {
    isEmpty = false
    decoded(decoding, source).on("data", on.data).on("end", on.end).on("error", on.error)
  }
  return {
    write: (bytes) => {
      if (isEmpty) begin()
      return source.write(bytes)
    },
    end: () => {
      if (isEmpty) on.end()
      else source.end()
    },
    abort: () => source.destroy()
  }
}
