import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import pg from "pg"
import type { Database } from "./DatabaseConnection.js"
import { DatabaseError, fromUnknown } from "./DatabaseConnection.js"
import { dataVersion } from "./dataVersion.js"

/** A PostgreSQL server of the user's. */
export const open = (
  url: Redacted.Redacted<string>
): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        const client = new pg.Client({
          connectionString: Redacted.value(url),
          // Times are written in the session's zone, and Hasura's is UTC unless set otherwise.
          options: "-c TimeZone=UTC"
        })
        // A connection that breaks later makes its statements fail; without a listener it would end the process.
        client.on("error", () => {})
        await client.connect()
        return client
      },
      catch: (error) => {
        const failure = fromUnknown(error)
        return new DatabaseError({
          sqlState: failure.sqlState,
          message:
            `cannot connect to the database of databaseUrl: ${failure.message}. ` +
            "Check that the server runs and that the URL names it, " +
            "or leave databaseUrl out to use the embedded database"
        })
      }
    }),
    (client) => Effect.promise(() => client.end())
  ).pipe(
    Effect.map((client) => ({
      query: (statement, parameters) =>
        Effect.tryPromise({
          try: () => client.query<Record<string, unknown>>(statement, [...parameters]),
          catch: fromUnknown
        }).pipe(Effect.map((result) => result.rows))
    }))
  )

/** Any number: it only has to be the same in all sandboxes. */
const lockKey = 7_131_020

/**
 * Fills the database unless it holds the data of this seed already. A lock in the database keeps two sandboxes that start
 * at once from filling it together.
 */
export const prepareOnce = (
  database: Database,
  seed: number,
  fill: Effect.Effect<void, DatabaseError>
): Effect.Effect<void, DatabaseError> =>
  Effect.acquireUseRelease(
    database.query("select pg_advisory_lock($1)", [lockKey]),
    () =>
      Effect.gen(function* () {
        const key = `${yield* dataVersion}-${seed}`
        const table = "innerspace_sandbox.prepared"
        const found = yield* database.query("select to_regclass($1) is not null as found", [table])
        const keys =
          found[0]?.["found"] === true ? yield* database.query(`select key from ${table}`, []) : []
        if (keys[0]?.["key"] === key) return
        yield* fill
        yield* database.query(`create table ${table} (key text not null)`, [])
        yield* database.query(`insert into ${table} values ($1)`, [key])
      }),
    () => Effect.ignore(database.query("select pg_advisory_unlock($1)", [lockKey]))
  )
