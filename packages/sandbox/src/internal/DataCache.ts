import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import type { Extensions } from "@electric-sql/pglite"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import { fromUnknown } from "./DatabaseConnection.js"
import { dataVersion } from "./dataVersion.js"
import * as Embedded from "./EmbeddedDatabase.js"
import { packageVersion } from "./packageVersion.js"

export interface Options {
  readonly directory: string | undefined
  readonly seed: number
  /** The last month that the database needs to have, `2024-01`. */
  readonly month: string
  /** Fills an empty database, or adds the months that a prepared one does not have yet. */
  readonly fill: (database: Database) => Effect.Effect<unknown, DatabaseError>
  /** What the database that is opened can have besides; the prepared one has none of it. */
  readonly extensions: Extensions
}

/**
 * Opens the embedded database of a seed. The first start prepares a data directory in the cache; every start works on a
 * copy of its own. A directory is prepared beside its name and renamed, so processes that start at once find a whole one
 * or none. Where the cache cannot be written, the database is made in memory: that costs time and nothing else.
 */
export const open = ({
  directory = defaultDirectory(),
  extensions,
  fill,
  month,
  seed
}: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const name = `${packageVersion}-${yield* dataVersion}-seed-${seed}-until-`
    const months = yield* Effect.orElseSucceed(
      attempt(() => preparedMonths(directory, name)),
      () => []
    )
    const prepared = join(directory, name + month)
    // One with more months serves as well, since the clock hides what it has not reached.
    const enough = months.find((prepared) => prepared >= month) ?? month
    // One with fewer months is a start, which takes a part of the time.
    const shorter = months.findLast((prepared) => prepared < month)
    return yield* openCopy(join(directory, name + enough), extensions).pipe(
      Effect.orElse(() =>
        Effect.zipRight(
          prepare(directory, prepared, fill, shorter && join(directory, name + shorter)),
          openCopy(prepared, extensions)
        )
      ),
      Effect.orElse(() => Effect.tap(Embedded.open(undefined, extensions), fill))
    )
  })

const defaultDirectory = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "innerspace-metrics-sandbox")

const openCopy = (
  prepared: string,
  extensions: Extensions
): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const copy = yield* temporaryDirectory
    yield* attempt(() => cp(prepared, copy, { recursive: true, mode: constants.COPYFILE_FICLONE }))
    return yield* Embedded.open(copy, extensions).pipe(
      // It was copied whole and does not open, so it never will.
      Effect.tapError(() => attempt(() => rm(prepared, { recursive: true, force: true })))
    )
  })

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, DatabaseError> =>
  Effect.tryPromise({ try: run, catch: fromUnknown })

const temporaryDirectory: Effect.Effect<string, DatabaseError, Scope.Scope> = Effect.acquireRelease(
  attempt(() => mkdtemp(join(tmpdir(), "innerspace-sandbox-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** The last months of the databases that are there of a seed, in order. */
const preparedMonths = async (directory: string, name: string): Promise<ReadonlyArray<string>> =>
  (await readdir(directory))
    .filter((entry) => entry.startsWith(name))
    .map((entry) => entry.slice(name.length))
    .filter((rest) => /^\d{4}-\d{2}$/.test(rest))
    .sort()

/** From nothing, or from a prepared database that has fewer months. */
const prepare = (
  directory: string,
  prepared: string,
  fill: Options["fill"],
  shorter: string | undefined
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    yield* attempt(() => mkdir(directory, { recursive: true }))
    const partial = yield* Effect.acquireRelease(
      Effect.succeed(`${prepared}.${randomUUID()}`),
      (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
    )
    const filled = Effect.scoped(Embedded.open(partial).pipe(Effect.tap(fill), Effect.tap(slim)))
    yield* shorter === undefined
      ? filled
      : attempt(() => cp(shorter, partial, { recursive: true })).pipe(
          Effect.zipRight(filled),
          Effect.orElse(() =>
            Effect.zipRight(
              attempt(() => rm(partial, { recursive: true, force: true })),
              filled
            )
          )
        )
    // It fails if another process was faster, whose directory is as good.
    yield* Effect.ignore(attempt(() => rename(partial, prepared)))
    yield* Effect.ignore(attempt(() => dropOldest(directory)))
  }).pipe(Effect.scoped)

/**
 * Nobody creates databases in a sandbox. Without the templates for that, there is half as much to copy, in half as many
 * files, at every start.
 */
const slim = (database: Database): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const templates = ["template0", "template1"]
    yield* database.query("update pg_database set datistemplate = false where datname = any ($1)", [
      templates
    ])
    for (const template of templates) {
      yield* database.query(`drop database if exists ${template}`, [])
    }
    yield* database.query("checkpoint", [])
  })

/** Versions and seeds that nobody asks for any more would pile up otherwise, at 55 MB each. */
const kept = 4

const dropOldest = async (directory: string): Promise<void> => {
  const entries = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const path = join(directory, name)
      return { path, modified: (await stat(path)).mtimeMs }
    })
  )
  entries.sort((left, right) => right.modified - left.modified)
  for (const { path } of entries.slice(kept)) await rm(path, { recursive: true, force: true })
}
