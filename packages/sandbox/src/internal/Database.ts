import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import * as DataCache from "./DataCache.js"
import * as dataset from "./data/dataset.js"
import { entities } from "./data/entities.js"
import * as relations from "./data/relations.js"
import * as EveryType from "./everyType/create.js"
import * as Remote from "./remote/RemoteDatabase.js"

export interface Options {
  readonly url: Redacted.Redacted<string> | undefined
  readonly seed: number
  readonly cacheDirectory: string | undefined
  /** Whether it has the table with a column of every type as well. */
  readonly everyType: boolean
}

/** A database that holds the data of the seed, closed with the scope. */
export const make = (options: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  options.everyType && options.url === undefined
    ? Effect.tap(open(options), EveryType.create)
    : open(options)

const open = ({
  cacheDirectory,
  everyType,
  seed,
  url
}: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  url === undefined
    ? DataCache.open({
        directory: cacheDirectory,
        seed,
        fill: (database) => fill(database, seed),
        extensions: everyType ? EveryType.extensions : []
      })
    : Remote.open({
        url,
        extensions: everyType ? EveryType.extensions : [],
        fill: (database) =>
          everyType
            ? Effect.zipRight(fill(database, seed), EveryType.create(database))
            : fill(database, seed)
      })

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
