import type { Extensions } from "@electric-sql/pglite"
import { PGlite } from "@electric-sql/pglite"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import { fromUnknown } from "./DatabaseConnection.js"

/**
 * The defaults are made for servers. A buffer of 128 MB takes longer to lay out than the rest of a start, and a log of up to
 * 80 MB would be copied at every start.
 */
const small = ["shared_buffers=16MB", "min_wal_size=2MB", "max_wal_size=2MB"].flatMap((setting) => [
  "-c",
  setting
])

/** PostgreSQL in this process: in memory, or in a directory that is made if it does not exist. */
export const open = (
  directory?: string,
  extensions: Extensions = {}
): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () =>
        PGlite.create({
          ...(directory === undefined ? {} : { dataDir: directory }),
          extensions,
          initDbStartParams: ["--wal-segsize=1"],
          startParams: [...PGlite.defaultStartParams, ...small]
        }),
      catch: fromUnknown
    }),
    (pglite) => Effect.promise(() => pglite.close())
  ).pipe(
    Effect.map((pglite) => ({
      query: (statement, parameters) =>
        Effect.tryPromise({
          try: () => pglite.query<Record<string, unknown>>(statement, [...parameters]),
          catch: fromUnknown
        }).pipe(Effect.map((result) => result.rows))
    }))
  )
