import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"

/** A failed statement. `sqlState` is PostgreSQL's five-character code, when PostgreSQL answered at all. */
export class DatabaseError extends Data.TaggedError("DatabaseError")<{
  readonly message: string
  readonly sqlState: string | undefined
}> {}

/** Both drivers throw errors whose `code` is the SQLSTATE. */
export const fromUnknown = (error: unknown): DatabaseError => {
  const message = error instanceof Error ? error.message : String(error)
  const code =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  return new DatabaseError({ message, sqlState: typeof code === "string" ? code : undefined })
}

/** Statements with parameters, run one at a time. */
export interface Database {
  readonly query: (
    statement: string,
    parameters: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>, DatabaseError>
}
