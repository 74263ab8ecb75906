/** Runs in a thread. Hosts the embedded PostgreSQL. */
import { workerData } from "node:worker_threads"
import type { Extensions } from "@electric-sql/pglite"
import { PGlite, protocol } from "@electric-sql/pglite"
import type { JsonStatement } from "../database/DatabaseConnection.js"
import { Pieces } from "../database/DatabaseConnection.js"
import { serve } from "./serve.js"

export type Extension = "citext" | "ltree"

export interface Settings {
  /** The directory of the data. If it is missing, the data is in memory. */
  readonly directory: string | undefined
  readonly extensions: ReadonlyArray<Extension>
}

export type Question =
  | {
      readonly _tag: "Query"
      readonly statement: string
      readonly parameters: ReadonlyArray<unknown>
    }
  | { readonly _tag: "Json"; readonly statement: JsonStatement }

export type Reply =
  | { readonly _tag: "Rows"; readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>> }
  | { readonly _tag: "Json"; readonly pieces: ReadonlyArray<Uint8Array<ArrayBuffer>> }

/**
 * Settings with smaller values than PostgreSQL's defaults, which are for servers. Allocating the
 * default buffer of 128 MB takes longer than the rest of a start, and the default log of up to 80
 * MB would be copied at every start.
 */
const small = ["shared_buffers=16MB", "min_wal_size=2MB", "max_wal_size=2MB"].flatMap((setting) => [
  "-c",
  setting
])

/** Extensions are loaded on demand, because loading them slows down a start. */
const load = {
  citext: async (): Promise<Extensions> => {
    const { citext } = await import("@electric-sql/pglite/contrib/citext")
    return { citext }
  },
  ltree: async (): Promise<Extensions> => {
    const { ltree } = await import("@electric-sql/pglite/contrib/ltree")
    return { ltree }
  }
}

const open = async ({ directory, extensions }: Settings): Promise<PGlite> => {
  const loaded = await Promise.all(extensions.map((name) => load[name]()))
  return PGlite.create({
    ...(directory === undefined ? {} : { dataDir: directory }),
    extensions: Object.assign({}, ...loaded),
    initDbStartParams: ["--wal-segsize=1"],
    startParams: [...PGlite.defaultStartParams, ...small]
  })
}

/**
 * Joins rows while PostgreSQL produces them, so that a long result is in memory only once. All
 * parameters are sent as text, and the statement casts them.
 */
const json = async (
  pglite: PGlite,
  { form, parameters, sql }: JsonStatement
): Promise<ReadonlyArray<Uint8Array<ArrayBuffer>>> => {
  const pieces = new Pieces(form)
  const parser = new protocol.Parser()
  let failure: Error | undefined
  let isDone = false
  const { serialize, messages } = protocol
  const message = Buffer.concat([
    serialize.parse({ text: sql }),
    serialize.bind({ values: parameters.map(String) }),
    serialize.execute({}),
    serialize.sync()
  ])
  await pglite.execProtocolRawStream(message, {
    onRawData: (data) => {
      parser.parse(data, (part) => {
        if (part instanceof messages.DataRowMessage) pieces.addRow(part.fields[0])
        else if (part instanceof messages.DatabaseError) failure ??= part
        else if (part instanceof messages.ReadyForQueryMessage) isDone = true
      })
    }
  })
  // The WebAssembly module cannot be used any more after it has run out of stack or memory, so the
  // thread ends.
  if (!isDone) process.exit()
  if (failure !== undefined) throw failure
  return pieces.end()
}

void serve<Question, Reply>(async () => {
  // The only code that starts this thread passes `Settings`.
  const pglite = await open(workerData as Settings)
  return {
    answer: async (question) => {
      switch (question._tag) {
        case "Query": {
          const { parameters, statement } = question
          const { rows } = await pglite.query<Record<string, unknown>>(statement, [...parameters])
          return { _tag: "Rows", rows }
        }
        case "Json":
          return { _tag: "Json", pieces: await json(pglite, question.statement) }
      }
    },
    transfer: (reply) => (reply._tag === "Json" ? reply.pieces.map(({ buffer }) => buffer) : []),
    close: () => pglite.close()
  }
})
