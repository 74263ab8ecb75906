import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** A failed statement. `sqlState` is PostgreSQL's five-character code, if PostgreSQL responded. */
export class DatabaseError extends Data.TaggedError("DatabaseError")<{
  readonly message: string
  readonly sqlState: string | undefined
}> {}

/** Converts an error of a driver. In both drivers, `code` is the SQLSTATE. */
export const fromUnknown = (error: unknown): DatabaseError => {
  const message = error instanceof Error ? error.message : String(error)
  const code =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  return new DatabaseError({ message, sqlState: typeof code === "string" ? code : undefined })
}

/** A statement whose first column is JSON as text. */
export interface JsonStatement {
  readonly sql: string
  readonly parameters: ReadonlyArray<unknown>
  /**
   * With "list", each row is an element of the JSON list. With "value", the first row is the JSON
   * value, which is null if there is no row.
   */
  readonly form: "list" | "value"
}

/** Runs statements with parameters, one at a time. Interrupting the effect stops the statement. */
export interface Database {
  readonly query: (
    statement: string,
    parameters: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>, DatabaseError>
  /**
   * A function of the driver that is faster than the function `json` below, if the driver has one.
   */
  readonly json?: (
    statement: JsonStatement
  ) => Effect.Effect<ReadonlyArray<Uint8Array>, DatabaseError>
}

/** The JSON of a statement in chunks of UTF-8, exactly as PostgreSQL wrote it. */
export const json = (
  database: Database,
  statement: JsonStatement
): Effect.Effect<ReadonlyArray<Uint8Array>, DatabaseError> => {
  if (database.json !== undefined) return database.json(statement)
  const { form, parameters, sql } = statement
  return Effect.map(database.query(sql, parameters), (rows) => {
    const pieces = new Pieces(form)
    for (const row of rows) pieces.addRow(Object.values(row)[0])
    return pieces.end()
  })
}

const smallest = 1_024
const largest = 262_144
/** The largest number of bytes of a character in UTF-8. */
const widest = 4

/**
 * Joins the rows of a statement to JSON in chunks. PostgreSQL's `json_agg` would write the same
 * JSON, but as one long text in memory.
 */
export class Pieces {
  readonly #encoder = new TextEncoder()
  readonly #form: JsonStatement["form"]
  readonly #pieces: Array<Uint8Array<ArrayBuffer>> = []
  #piece = new Uint8Array(smallest)
  #length = 0
  #rows = 0

  constructor(form: JsonStatement["form"]) {
    this.#form = form
  }

  addRow(value: unknown): void {
    const text = typeof value === "string" ? value : "null"
    if (this.#form === "list") this.#add(this.#rows === 0 ? "[" : ", ")
    else if (this.#rows > 0) return
    this.#rows += 1
    this.#add(text)
  }

  end(): ReadonlyArray<Uint8Array<ArrayBuffer>> {
    if (this.#form === "list") this.#add(this.#rows === 0 ? "[]" : "]")
    else if (this.#rows === 0) this.#add("null")
    return [...this.#pieces, this.#piece.slice(0, this.#length)]
  }

  #add(text: string): void {
    let from = 0
    while (from < text.length) {
      const rest = from === 0 ? text : text.slice(from)
      const { read, written } = this.#encoder.encodeInto(rest, this.#piece.subarray(this.#length))
      from += read
      this.#length += written
      if (from < text.length || this.#piece.length - this.#length < widest) this.#nextPiece()
    }
  }

  #nextPiece(): void {
    this.#pieces.push(this.#piece.slice(0, this.#length))
    this.#piece = new Uint8Array(Math.min(this.#piece.length * 2, largest))
    this.#length = 0
  }
}
