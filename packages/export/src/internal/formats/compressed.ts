/** Compresses the bytes that are written to a file. */
import { once } from "node:events"
import { createGzip } from "node:zlib"
import * as Effect from "effect/Effect"
import type { ExportError } from "../../ExportError.js"
import type { Sink } from "../files/atomicFile.js"
import { step } from "../files/system.js"

export interface CompressedSink extends Sink {
  /** Writes the bytes that the compressor still holds. Runs once, at the end. */
  readonly end: Effect.Effect<void, ExportError>
}

/**
 * Makes a gzip member (RFC 1952) without a file name and a time, so that the same bytes give the
 * same file.
 */
export const gzipped = (path: string, sink: Sink): CompressedSink => {
  const gzip = createGzip()
  let ready: Array<Uint8Array> = []
  gzip.on("data", (bytes: Uint8Array) => ready.push(bytes))
  const flush = Effect.suspend(() => {
    const bytes = Buffer.concat(ready)
    ready = []
    return sink.write(bytes)
  })
  return {
    write: (bytes) =>
      Effect.zipRight(
        step(
          "compress",
          path,
          () =>
            new Promise<void>((resolve, reject) => {
              gzip.write(bytes, (error) => (error ? reject(error) : resolve()))
            })
        ),
        flush
      ),
    end: Effect.zipRight(
      step("compress", path, async () => {
        const ended = once(gzip, "end")
        gzip.end()
        await ended
      }),
      flush
    )
  }
}

export const uncompressed = (sink: Sink): CompressedSink => ({ ...sinkOf(sink), end: Effect.void })

const sinkOf = (sink: Sink): Sink => ({ write: (bytes) => sink.write(bytes) })
