import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database, DatabaseError } from "./DatabaseConnection.js"
import { fromUnknown } from "./DatabaseConnection.js"
import { dataVersion } from "./dataVersion.js"
import * as Embedded from "./EmbeddedDatabase.js"
import { packageVersion } from "./packageVersion.js"
import type { Extension } from "./worker/database.js"

export interface Options {
  readonly directory: string | undefined
  readonly seed: number
  readonly fill: (database: Database) => Effect.Effect<void, DatabaseError>
  /** What the database that is opened can have besides; the prepared one has none of it. */
  readonly extensions: ReadonlyArray<Extension>
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
  seed
}: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const name = `${packageVersion}-${yield* dataVersion}-seed-${seed}`
    const prepared = join(directory, name)
    const opened = openCopy(prepared, extensions)
    return yield* opened.pipe(
      Effect.orElse(() => Effect.zipRight(prepare(directory, prepared, fill), opened)),
      Effect.orElse(() => Effect.tap(Embedded.open(undefined, extensions), fill))
    )
  })

const defaultDirectory = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "innerspace-metrics-sandbox")

const openCopy = (
  prepared: string,
  extensions: ReadonlyArray<Extension>
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

const prepare = (
  directory: string,
  prepared: string,
  fill: Options["fill"]
): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    yield* attempt(() => mkdir(directory, { recursive: true }))
    const partial = yield* Effect.acquireRelease(
      Effect.succeed(`${prepared}.${randomUUID()}`),
      (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
    )
    yield* Effect.scoped(Embedded.open(partial).pipe(Effect.tap(fill), Effect.tap(slim)))
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
    for (const template of ["template0", "template1"]) {
      yield* database.query(`alter database ${template} is_template false`, [])
      yield* database.query(`drop database ${template}`, [])
    }
    yield* database.query("checkpoint", [])
  })

/** Versions and seeds that nobody asks for any more would pile up otherwise, at 37 MB each. */
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
