/** A connection to a DuckDB database file. */
import type * as DuckDb from "@duckdb/node-api"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { ExportError } from "../../ExportError.js"
import { load } from "../formats/optionalPackage.js"

export type Library = typeof DuckDb

export interface Connection {
  readonly library: Library
  /** Runs one step. `doing` describes the step in messages, as in "write to". */
  readonly step: <A>(
    doing: string,
    run: (connection: DuckDb.DuckDBConnection) => Promise<A>
  ) => Effect.Effect<A, ExportError>
}

export const connect = (path: string): Effect.Effect<Connection, ExportError, Scope.Scope> =>
  Effect.gen(function* () {
    const library = yield* load("@duckdb/node-api", "DuckDB", () => import("@duckdb/node-api"))
    // If a process opens two instances of DuckDB on one file, committed rows are lost. `fromCache`
    // returns the same instance each time.
    const connection = yield* Effect.acquireRelease(
      attempt("open", path, async () => {
        const instance = await library.DuckDBInstance.fromCache(path)
        const connection = await instance.connect()
        return {
          connection,
          close: () => {
            connection.closeSync()
            instance.closeSync()
          }
        }
      }),
      ({ close }) => Effect.ignore(Effect.try(close))
    )
    return {
      library,
      step: (doing, run) => attempt(doing, path, () => run(connection.connection))
    }
  })

/**
 * Runs a step. A step is not interrupted half-way, because the connection cannot be used until the
 * step ends.
 */
const attempt = <A>(
  doing: string,
  path: string,
  run: () => Promise<A>
): Effect.Effect<A, ExportError> =>
  Effect.uninterruptible(
    Effect.tryPromise({
      try: run,
      catch: (cause) =>
        new ExportError({
          reason: "DuckDb",
          problem: `DuckDB could not ${doing} ${path}: ${firstLine(cause)}`,
          hint: "Close other programs that have the database open, and check that it is a DuckDB file",
          path
        })
    })
  )

const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? ""

/**
 * Runs statements in a transaction. They are committed together. No statement is committed if one
 * of them fails, if the effect is interrupted, or if the process ends.
 */
export const transaction = <A, E, R>(
  { step }: Connection,
  use: Effect.Effect<A, E, R>
): Effect.Effect<A, E | ExportError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      yield* step("begin a transaction in", (connection) => connection.run("BEGIN"))
      const value = yield* Effect.onError(restore(use), () =>
        Effect.ignore(step("roll back in", (connection) => connection.run("ROLLBACK")))
      )
      yield* step("commit to", (connection) => connection.run("COMMIT"))
      return value
    })
  )

/** Quotes a name for SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
