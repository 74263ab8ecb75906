import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import { cp, mkdir, rename, rm } from "node:fs/promises"
import { basename, join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { packageVersion } from "../packageVersion.js"
import type { Extension } from "../worker/database.js"
import { cacheHome } from "./cacheHome.js"
import type { Database } from "./DatabaseConnection.js"
import { DatabaseError, fromUnknown } from "./DatabaseConnection.js"
import { dataVersion } from "./dataVersion.js"
import * as Embedded from "./EmbeddedDatabase.js"
import * as OwnDirectory from "./OwnDirectory.js"

export interface Options {
  readonly directory: string | undefined
  readonly seed: number
  /** The last month that the database must contain, such as `2024-01`. */
  readonly month: string
  /** Fills an empty database, or adds the months that a prepared database lacks. */
  readonly fill: (database: Database) => Effect.Effect<unknown, DatabaseError>
  /** Extensions of the opened database. The prepared database has none of them. */
  readonly extensions: ReadonlyArray<Extension>
}

/**
 * Matches the names of complete directories in the cache. While a directory is created or removed,
 * its name has an additional id at the end, and does not match.
 */
const entry = /^\d+\.\d+\.\d+[\w.-]*-[0-9a-f]{16}-seed-\d+(?:-until-\d{4}-\d{2})?$/
const unfinished = new RegExp(`${entry.source.slice(0, -1)}\\.[0-9a-f-]{36}$`)

/** The names of the copies that sandboxes use. */
const temporaryPrefix = "innerspace-sandbox-"
const temporary = new RegExp(`^${temporaryPrefix}[A-Za-z0-9]{6}(?:\\.[0-9a-f-]{36})?$`)

/**
 * Opens the embedded database of a seed. The first start prepares a data directory in the cache,
 * and every start works on its own copy. A directory is prepared under a temporary name and then
 * renamed. Processes that start at the same time therefore find a complete directory or none. If
 * the cache is not writable, the database is created in memory, which takes longer.
 */
export const open = ({
  directory = defaultDirectory(),
  extensions,
  fill,
  month,
  seed
}: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const inMemory = (reason: string) =>
      Effect.zipRight(
        Effect.logWarning(
          `The prepared database cannot be kept: ${reason}. It is created in memory at each start, which takes longer. ` +
            "Set cacheDirectory or --cache-directory to a writable directory"
        ),
        Effect.tap(Embedded.open(undefined, extensions), fill)
      )
    if (directory === undefined) return yield* inMemory("there is no home directory")
    const name = `${packageVersion}-${yield* dataVersion}-seed-${seed}-until-`
    const months = yield* Effect.orElseSucceed(
      attempt(() => preparedMonths(directory, name)),
      () => []
    )
    const prepared = join(directory, name + month)
    // A database with more months works too, because rows after the time of the clock are hidden.
    const enough = months.find((prepared) => prepared >= month) ?? month
    // Adding months to a database with fewer months is faster than filling an empty database.
    const shorter = months.findLast((prepared) => prepared < month)
    return yield* openCopy(join(directory, name + enough), extensions).pipe(
      Effect.orElse(() =>
        Effect.zipRight(
          prepare(directory, prepared, fill, shorter && join(directory, name + shorter)),
          openCopy(prepared, extensions)
        )
      ),
      Effect.catchAll(({ message }) => inMemory(message))
    )
  })

const defaultDirectory = (): string | undefined => {
  const home = cacheHome()
  return home === undefined ? undefined : join(home, "innerspace-metrics-sandbox")
}

const openCopy = (
  prepared: string,
  extensions: ReadonlyArray<Extension>
): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const copy = OwnDirectory.dataOf(yield* temporaryDirectory)
    const identity = yield* identityOf(prepared)
    yield* attempt(() =>
      cp(OwnDirectory.dataOf(prepared), copy, { recursive: true, mode: constants.COPYFILE_FICLONE })
    )
    // If another process has removed the database in the meantime, the copy may be incomplete.
    if ((yield* identityOf(prepared)) !== identity) return yield* Effect.fail(notPrepared(prepared))
    return yield* Embedded.open(copy, extensions).pipe(
      // The copy was complete and still cannot be opened, so the original is unusable and is
      // removed.
      Effect.tapError(() => attempt(() => OwnDirectory.remove(prepared)))
    )
  })

const identityOf = (prepared: string): Effect.Effect<string, DatabaseError> =>
  Effect.filterOrFail(
    attempt(() => OwnDirectory.identityOf(prepared)),
    (identity) => identity !== undefined,
    () => notPrepared(prepared)
  )

const notPrepared = (path: string): DatabaseError =>
  new DatabaseError({ sqlState: undefined, message: `${path} was not made by a sandbox` })

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, DatabaseError> =>
  Effect.tryPromise({ try: run, catch: fromUnknown })

/** Removes a directory. On failure it stays, and a later start tries again. */
const removed = (path: string): Effect.Effect<void> =>
  Effect.ignore(attempt(() => rm(path, { recursive: true, force: true })))

const temporaryDirectory: Effect.Effect<string, DatabaseError, Scope.Scope> = Effect.zipRight(
  attempt(() => OwnDirectory.removeAbandoned(OwnDirectory.temporaryRoot(), temporary)),
  Effect.acquireRelease(
    attempt(() => OwnDirectory.makeTemporary(temporaryPrefix)),
    removed
  )
)

/** The last month of each prepared database of a seed, in order. */
const preparedMonths = async (directory: string, name: string): Promise<ReadonlyArray<string>> =>
  (await OwnDirectory.list(directory, entry))
    .map((path) => basename(path))
    .filter((found) => found.startsWith(name))
    .map((found) => found.slice(name.length))
    .filter((rest) => /^\d{4}-\d{2}$/.test(rest))
    .sort()

/** Prepares a database, if possible from a database with fewer months. */
const prepare = (
  directory: string,
  prepared: string,
  fill: Options["fill"],
  shorter: string | undefined
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    yield* attempt(() => mkdir(directory, { recursive: true }))
    const partial = yield* Effect.acquireRelease(
      attempt(() => OwnDirectory.make(`${prepared}.${randomUUID()}`)),
      removed
    )
    const data = OwnDirectory.dataOf(partial)
    const filled = Effect.scoped(Embedded.open(data).pipe(Effect.tap(fill), Effect.tap(slim)))
    yield* shorter === undefined
      ? filled
      : attempt(() => cp(OwnDirectory.dataOf(shorter), data, { recursive: true })).pipe(
          Effect.zipRight(filled),
          Effect.orElse(() =>
            Effect.zipRight(
              attempt(() => rm(data, { recursive: true, force: true })),
              filled
            )
          )
        )
    // The rename fails if another process was faster. That process's directory is then used.
    yield* Effect.ignore(attempt(() => rename(partial, prepared)))
    yield* Effect.ignore(attempt(() => tidy(directory)))
  }).pipe(Effect.scoped)

/**
 * Removes the template databases, which a sandbox does not need. Without them, every start copies
 * only half of the bytes and files.
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

/**
 * How many databases are kept. Without a limit, the databases of old versions and seeds would
 * accumulate, at 55 MB each.
 */
const kept = 4

/** Removes surplus databases. Other files in the directory are not touched. */
const tidy = async (directory: string): Promise<void> => {
  const entries = await OwnDirectory.list(directory, entry)
  for (const path of entries.slice(kept)) await OwnDirectory.remove(path).catch(() => {})
  await OwnDirectory.removeAbandoned(directory, unfinished)
}
