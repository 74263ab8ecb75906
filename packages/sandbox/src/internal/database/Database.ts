import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Dataset from "../data/Dataset.js"
import { entities } from "../data/entities.js"
import * as Relations from "../data/Relations.js"
import * as EveryType from "../everyType/EveryType.js"
import * as Remote from "../remote/RemoteDatabase.js"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import * as DataCache from "./DataCache.js"

export interface Options {
  readonly url: Redacted.Redacted<string> | undefined
  readonly seed: number
  /** The last month that the database must contain, such as `2024-01`. */
  readonly month: string
  readonly cacheDirectory: string | undefined
  /** Whether the database also has the table with a column of every type. */
  readonly everyType: boolean
}

/** A database with the data of the seed. It closes with the scope. */
export const make = (options: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  options.everyType && options.url === undefined
    ? Effect.tap(open(options), EveryType.create)
    : open(options)

const open = ({
  cacheDirectory,
  everyType,
  month,
  seed,
  url
}: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.suspend(() => {
    const extensions = everyType ? EveryType.extensions : []
    const fill = (database: Database) => addMonths(database, seed, month)
    const createOnce = (database: Database) =>
      Effect.whenEffect(
        create(database),
        Effect.map(
          database.query("select to_regclass($1) is null as missing", [Relations.targets.months]),
          ([found]) => found?.["missing"] === true
        )
      )
    return url === undefined
      ? DataCache.open({
          directory: cacheDirectory,
          seed,
          month,
          fill: (database) => Effect.zipRight(createOnce(database), fill(database)),
          extensions
        })
      : Remote.open({
          url,
          extensions,
          fill: (database) =>
            create(database).pipe(
              Effect.zipRight(fill(database)),
              Effect.zipRight(everyType ? EveryType.create(database) : Effect.void)
            )
        })
  })

/** Creates the tables and views, and fills the tables that do not depend on the seed. */
const create = (database: Database): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    for (const statement of Relations.createStatements) yield* database.query(statement, [])
    const rows = { ...entities, series: Dataset.series }
    for (const part of Record.keys(rows)) yield* insert(database, part, rows[part])
  })

/** Adds the missing months up to `last`. */
export const addMonths = (
  database: Database,
  seed: number,
  last: string
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const [found] = yield* database.query(Relations.lastMonthStatement, [])
    const present = typeof found?.["month"] === "string" ? found["month"] : undefined
    for (const month of Dataset.monthsBetween(present, last)) {
      const rows = Dataset.month(seed, month)
      for (const part of Record.keys(rows)) yield* insert(database, part, rows[part])
      // This comes last, so that an interrupted month does not look complete.
      yield* insert(database, "months", [{ month }])
    }
  })

/** The number of rows in one JSON text, which PostgreSQL parses at once. */
const batchSize = 4_000

/** Inserts rows into the table of `part`. */
export const insert = (
  database: Database,
  part: keyof typeof Relations.targets,
  rows: Iterable<unknown>
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const statement = Relations.insertStatement(part)
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
