import * as Effect from "effect/Effect"
import type { Answer } from "../http/Answer.js"
import type { Compiler } from "./Compiler.js"
import type { Prepared } from "./Prepare.js"

/**
 * The parts of a response's text. A part is a finished text, or rows that are made while they are
 * sent.
 */
export type Parts = ReadonlyArray<string | Uint8Array | Rows>

interface Rows {
  readonly _tag: "Rows"
  readonly id: number
}

const isRows = (part: Parts[number]): part is Rows => !isText(part)

const isText = (part: Parts[number]): part is string | Uint8Array =>
  typeof part === "string" || part instanceof Uint8Array

/** A body up to this size is sent as one text. A larger body is sent in parts. */
const largestText = 1_048_576

/** The body of a response, and its size if it is known. */
export const send = (compiler: Compiler, parts: Parts): Pick<Answer, "body" | "size"> => {
  const texts = parts.filter(isText)
  if (texts.length < parts.length) return { body: pieces(compiler, parts) }
  const size = texts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
  return size > largestText
    ? { body: texts, size }
    : { body: Buffer.concat(texts.map((part) => Buffer.from(part))).toString() }
}

async function* pieces(compiler: Compiler, parts: Parts): AsyncGenerator<string | Uint8Array> {
  let text = ""
  try {
    for (const part of parts) {
      if (typeof part === "string") text += part
      else if (isText(part)) {
        yield text
        yield part
        text = ""
      } else {
        for (;;) {
          const rows = await Effect.runPromise(compiler.nextRows(part.id))
          if (rows === undefined) break
          yield text + rows
          text = ""
        }
      }
    }
    yield text
  } finally {
    await Effect.runPromise(dropAll(compiler, parts.filter(isRows)))
  }
}

/** Drops the rows that an operation would have sent. */
export const drop = (compiler: Compiler, prepared: Prepared): Effect.Effect<void> => {
  switch (prepared._tag) {
    case "Refusal":
      return Effect.void
    case "Operation":
      return dropAll(
        compiler,
        prepared.parts.filter(
          (part) => typeof part !== "string" && "_tag" in part && part._tag === "Rows"
        )
      )
    case "Batch":
      return Effect.forEach(prepared.operations, (operation) => drop(compiler, operation), {
        discard: true
      })
  }
}

const dropAll = (compiler: Compiler, rows: ReadonlyArray<Rows>): Effect.Effect<void> =>
  Effect.forEach(rows, ({ id }) => compiler.dropRows(id), { discard: true })
