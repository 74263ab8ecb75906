import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import * as DataCache from "./DataCache.js"
import * as dataset from "./data/dataset.js"
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
const batchSize = 10_000

const fill = (database: Database, seed: number): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    for (const statement of relations.createStatements) yield* database.query(statement, [])
    const rows = dataset.generate(seed)
    yield* insert(database, relations.targets.people_groups, rows.people_groups)
    yield* insert(database, relations.targets.building_features, rows.building_features)
    yield* insert(database, relations.targets.building_metrics, rows.building_metrics)
    yield* insert(database, relations.targets.building_insights, rows.building_insights)
    for (const statement of relations.indexStatements) yield* database.query(statement, [])
  })

const insert = (
  database: Database,
  target: string,
  rows: ReadonlyArray<unknown>
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const statement = `insert into ${target} select * from json_populate_recordset(null::${target}, $1::json)`
    for (let at = 0; at < rows.length; at += batchSize) {
      yield* database.query(statement, [JSON.stringify(rows.slice(at, at + batchSize))])
    }
  })
