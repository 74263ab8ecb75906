import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import * as DataCache from "./DataCache.js"
import * as dataset from "./data/dataset.js"
import { entities } from "./data/entities.js"
import * as relations from "./data/relations.js"
import * as Remote from "./RemoteDatabase.js"

export interface Options {
  readonly url: Redacted.Redacted<string> | undefined
  readonly seed: number
  readonly cacheDirectory: string | undefined
}

/** A database that holds the data of the seed, closed with the scope. */
export const make = (options: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  options.url === undefined
    ? DataCache.open({
        directory: options.cacheDirectory,
        seed: options.seed,
        fill: (database) => fill(database, options.seed)
      })
    : Remote.open(options.url).pipe(
        Effect.tap((database) =>
          Remote.prepareOnce(database, options.seed, fill(database, options.seed))
        )
      )

/** PostgreSQL parses one JSON text for this many rows at a time. */
const batchSize = 4_000

const fill = (database: Database, seed: number): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    for (const statement of relations.createStatements) yield* database.query(statement, [])
    const rows = { ...entities, ...dataset.generate(seed) }
    for (const part of Record.keys(relations.targets)) yield* insert(database, part, rows[part])
  })

/** Inserts rows of one part of the data. */
export const insert = (
  database: Database,
  part: keyof typeof relations.targets,
  rows: Iterable<unknown>
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const statement = relations.insertStatement(part)
    for (const batch of batches(rows)) yield* database.query(statement, [JSON.stringify(batch)])
  })

function* batches(rows: Iterable<unknown>): Iterable<ReadonlyArray<unknown>> {
  let batch: Array<unknown> = []
  for (const row of rows) {
    batch.push(row)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
