/** Runs in a thread. Compiles operations to statements. */
import { workerData } from "node:worker_threads"
import type { Context, Prepared, Settings } from "../graphql/Prepare.js"
import * as Prepare from "../graphql/Prepare.js"
import { serve } from "./serve.js"

export type Question =
  | { readonly _tag: "Prepare"; readonly context: Context; readonly body: string }
  /** Requests the next chunk of rows that are made while they are sent. */
  | { readonly _tag: "Next"; readonly id: number }
  /** Drops the rows, because the client has disconnected or has all rows. */
  | { readonly _tag: "Drop"; readonly id: number }

export type Reply =
  | { readonly _tag: "Prepared"; readonly prepared: Prepared }
  /** The text of some rows, or `undefined` after the last row. */
  | { readonly _tag: "Rows"; readonly text: string | undefined }

const pieceLength = 65_536

/** Joins rows into chunks, because a message for each row would be slow. */
function* piecesOf(rows: Iterable<string>): Generator<string, undefined> {
  let piece = ""
  let separator = ""
  for (const row of rows) {
    piece += separator + row
    separator = ","
    if (piece.length > pieceLength) {
      yield piece
      piece = ""
    }
  }
  if (piece !== "") yield piece
}

const buffersOf = (prepared: Prepared): Array<ArrayBuffer> => {
  switch (prepared._tag) {
    case "Refusal":
      return []
    case "Operation":
      return prepared.parts.flatMap((part) => (part instanceof Uint8Array ? [part.buffer] : []))
    case "Batch":
      return prepared.operations.flatMap(buffersOf)
  }
}

void serve<Question, Reply>(async () => {
  const kept = new Map<number, Iterator<string, undefined>>()
  let last = 0
  // The only code that starts this thread passes `Settings`.
  const read = Prepare.make(workerData as Settings, (rows) => {
    last += 1
    kept.set(last, piecesOf(rows))
    return last
  })
  return {
    answer: async (question) => {
      switch (question._tag) {
        case "Prepare":
          return { _tag: "Prepared", prepared: read(question.context, question.body) }
        case "Next":
          return { _tag: "Rows", text: kept.get(question.id)?.next().value }
        case "Drop":
          kept.delete(question.id)
          return { _tag: "Rows", text: undefined }
      }
    },
    transfer: (reply) => (reply._tag === "Prepared" ? buffersOf(reply.prepared) : []),
    close: async () => {}
  }
})
