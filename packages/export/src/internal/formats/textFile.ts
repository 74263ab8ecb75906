/** The common code of the formats that write lines of text. */
import * as Effect from "effect/Effect"
import type { Batch } from "../columns/batch.js"
import type { Value } from "../columns/column.js"
import { type CompressedSink, gzipped, uncompressed } from "./compressed.js"
import type { Encoder, Format } from "./target.js"

/** How a file of text is compressed. */
export type TextCompression = "gzip" | "none"

/** Formats a cell of a column as text. */
export type CellText = (value: Value | null) => string

export interface Lines {
  /** The text before the first row. */
  readonly head: string
  /** The text in front of each cell of a row, one for each column. */
  readonly before: ReadonlyArray<string>
  readonly cells: ReadonlyArray<CellText>
  /** The text after the last cell of a row. */
  readonly after: string
}

/**
 * How many rows are formatted at a time. The text of a whole page of a stream can be too large for
 * memory.
 */
const piece = 10_000

export const lineEncoder = (
  path: string,
  compression: TextCompression,
  lines: Lines
): ((sink: Parameters<Format>[1]) => Effect.Effect<Encoder, never>) => {
  const write = (sink: CompressedSink, text: string) => sink.write(Buffer.from(text, "utf8"))
  return (sink) =>
    Effect.sync(() => {
      const compressed = compression === "gzip" ? gzipped(path, sink) : uncompressed(sink)
      let head = lines.head
      const takeHead = () => {
        const text = head
        head = ""
        return text
      }
      return {
        write: (batch) =>
          Effect.iterate(0, {
            while: (from) => from < batch.length,
            body: (from) =>
              Effect.suspend(() => {
                const to = Math.min(from + piece, batch.length)
                return Effect.as(write(compressed, takeHead() + textOf(lines, batch, from, to)), to)
              })
          }),
        end: Effect.zipRight(
          Effect.suspend(() => write(compressed, takeHead())),
          compressed.end
        )
      }
    })
}

const textOf = (
  { after, before, cells }: Lines,
  { values }: Batch,
  from: number,
  to: number
): string => {
  let text = ""
  for (let row = from; row < to; row++) {
    for (let column = 0; column < values.length; column++) {
      text += before[column] ?? ""
      text += cells[column]?.(values[column]?.[row] ?? null) ?? ""
    }
    text += after
  }
  return text
}
