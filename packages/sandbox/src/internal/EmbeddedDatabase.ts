import { PGlite } from "@electric-sql/pglite"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import { fromUnknown } from "./DatabaseConnection.js"

/** PostgreSQL in this process: in memory, or in a directory that is made if it does not exist. */
export const open = (directory?: string): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () =>
        PGlite.create({
          ...(directory === undefined ? {} : { dataDir: directory }),
          // The least log that PostgreSQL can keep: every start copies it. By default it would be 80 MB.
          initDbStartParams: ["--wal-segsize=1"],
          startParams: [
            ...PGlite.defaultStartParams,
            "-c",
            "min_wal_size=2MB",
            "-c",
            "max_wal_size=2MB"
          ]
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
