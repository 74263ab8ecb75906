/**
 * Bodies that a server compressed (RFC 9110, section 8.4), as it may also where nothing was asked
 * of it.
 */
import { PassThrough, pipeline, Readable, type Transform } from "node:stream"
import * as zlib from "node:zlib"

/** What requests ask for. */
export const acceptEncoding = "gzip, br"

/**
 * How to undo a content encoding; none where nothing was compressed, or where it is not known how.
 */
export const decodingOf = (contentEncoding: string | undefined): Decoding | undefined => {
  if (contentEncoding === undefined) return undefined
  const names = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity")
    // The last one was applied last.
    .reverse()
  const decoders = names.flatMap((name) => known.get(name) ?? [])
  const isKnown = decoders.length === names.length && names.length > 0 && names.length <= most
  return isKnown ? decoders : undefined
}

export type Decoding = ReadonlyArray<() => Transform>

/** A server has a reason for one. */
const most = 3

const known: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ["gzip", () => zlib.createGunzip()],
  ["x-gzip", () => zlib.createGunzip()],
  ["br", () => zlib.createBrotliDecompress()],
  ["deflate", () => zlib.createInflate()]
])

/** An error is that of the stream that is read. */
const decoded = (decoding: Decoding, body: Readable): Readable =>
  decoding.reduce((source, make) => pipeline(source, make(), () => {}), body)

/** A body as it comes. Reading no more of it ends what it comes from. */
export const decodeStream = (decoding: Decoding, body: Readable): Readable =>
  Readable.from(expanded(decoding, body[Symbol.asyncIterator]()))

async function* expanded(decoding: Decoding, pieces: AsyncIterator<Uint8Array>) {
  const first = await pieces.next()
  // An answer without a body has its header as well, and nothing to expand.
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

/** What undici hands over piece by piece. */
export interface Expansion {
  /** Says whether more may be written before `onDrain`. */
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
  // As above.
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
