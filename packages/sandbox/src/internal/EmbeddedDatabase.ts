import { PGlite } from "@electric-sql/pglite"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database } from "./DatabaseConnection.js"
import { DatabaseError, fromUnknown } from "./DatabaseConnection.js"

/** PostgreSQL in this process, in memory. */
export interface EmbeddedDatabase extends Database {
  readonly pglite: PGlite
}

/** Starts from nothing, or from an image that `dump` made. */
export const open = (
  image: Uint8Array<ArrayBuffer> | undefined
): Effect.Effect<EmbeddedDatabase, DatabaseError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () =>
        PGlite.create(
          image === undefined
            // The default is one log segment of 16 MB, most of which would be in every image.
            ? { initDbStartParams: ["--wal-segsize=1"] }
            : { loadDataDir: new Blob([image], { type: "application/x-gzip" }) }
        ),
      catch: fromUnknown
    }),
    (pglite) => Effect.promise(() => pglite.close())
  ).pipe(
    Effect.map((pglite) => ({
      pglite,
      query: (statement, parameters) =>
        Effect.tryPromise({
          try: () => pglite.query<Record<string, unknown>>(statement, [...parameters]),
          catch: fromUnknown
        }).pipe(Effect.map((result) => result.rows))
    }))
  )

/** The whole database as one compressed file. */
export const dump = (
  database: EmbeddedDatabase
): Effect.Effect<Uint8Array<ArrayBuffer>, DatabaseError> =>
  Effect.tryPromise({
    try: async () => {
      await database.pglite.exec("checkpoint")
      const image = await database.pglite.dumpDataDir("gzip")
      return new Uint8Array(await image.arrayBuffer())
    },
    catch: fromUnknown
  })
