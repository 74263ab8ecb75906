import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type pg from "pg"
import type { Database } from "../database/DatabaseConnection.js"
import { DatabaseError } from "../database/DatabaseConnection.js"
import { realSleep } from "../http/realTime.js"
import * as Collation from "./Collation.js"
import type { Keeper } from "./Keeper.js"
import * as Keepers from "./Keeper.js"
import type { OwnSchemas } from "./OwnSchemas.js"
import * as Schemas from "./OwnSchemas.js"
import * as Pools from "./Pool.js"
import type { Session } from "./settings.js"
import { optionsOf, withOptions } from "./settings.js"

export interface Options {
  readonly url: Redacted.Redacted<string>
  /** The extensions that the data needs. */
  readonly extensions: ReadonlyArray<string>
  readonly fill: (database: Database) => Effect.Effect<void, DatabaseError>
}

const oldestVersion = 130_000

/**
 * Opens a database on a user's PostgreSQL server. The sandbox works in its own schemas, so that any
 * number of sandboxes can share a database. It drops its schemas at the end. A sandbox holds a lock
 * while it is alive. If no sandbox holds the lock of some schemas, their sandbox was killed, and
 * the next sandbox drops these schemas.
 */
export const open = ({
  extensions,
  fill,
  url
}: Options): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const own = Schemas.make()
    const name = `innerspace-sandbox ${own.id}`
    const configOf = (session: Session): pg.ClientConfig => {
      const options = optionsOf(session)
      return {
        connectionString: withOptions(Redacted.value(url), options, name),
        options,
        application_name: name,
        keepAlive: true
      }
    }
    let restored: Effect.Effect<void> = Effect.void
    const keeper = yield* Keepers.make(configOf({}), Schemas.lockOf(own), () => restored)
    const server = yield* serverOf(keeper)
    yield* dropLeftovers(keeper)
    const session = {
      ...server,
      extensionSchemas: yield* Effect.forEach(extensions, (extension) => locate(keeper, extension))
    }
    yield* Effect.acquireRelease(run(keeper, Schemas.createStatement(own)), () =>
      Effect.ignore(run(keeper, Schemas.dropStatement(own)))
    )
    const pool = yield* Pools.make(configOf(session), keeper)
    // A statement that still runs would delay the stop of the sandbox, so it is terminated.
    yield* Effect.addFinalizer(() =>
      Effect.ignore(
        keeper.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = $1 and pid <> pg_backend_pid()`,
          [name]
        )
      )
    )
    const database: Database = {
      query: (statement, parameters) => pool.query(own.in(statement), parameters)
    }
    const fillAll = Effect.zipRight(fill(database), collate(keeper, own, server))
    yield* fillAll
    // If the connection is lost for a long time, another sandbox considers this sandbox dead and
    // drops its schemas. This code then creates the schemas again.
    restored = Effect.ignore(
      Effect.unlessEffect(
        Effect.zipRight(run(keeper, Schemas.createStatement(own)), fillAll),
        exists(keeper, own)
      )
    )
    return database
  })

const run = (keeper: Keeper, statement: string): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(keeper.query(statement, []))

interface Server {
  readonly version: number
  readonly isSuperuser: boolean
  /** Whether the database's own collation orders texts like the embedded database. */
  readonly hasCollation: boolean
  readonly characterType: string
}

const serverOf = (keeper: Keeper): Effect.Effect<Server, DatabaseError> =>
  Effect.gen(function* () {
    const [row = {}] = yield* keeper.query(
      `select current_setting('server_version_num') as version,
        current_setting('is_superuser') as superuser, pg_encoding_to_char(encoding) as encoding,
        datcollate as collation, datctype as type,
        coalesce(to_jsonb(pg_database) ->> 'datlocprovider', 'c') as provider
        from pg_database where datname = current_database()`,
      []
    )
    const version = Number(row["version"])
    const encoding = String(row["encoding"])
    if (version < oldestVersion) {
      return yield* unfit(
        `the server is PostgreSQL ${Math.floor(version / 10_000)}, but 13 or newer is required. Use another server`
      )
    }
    if (encoding !== "UTF8") {
      return yield* unfit(
        `the database has the encoding ${encoding}. Create one with encoding 'UTF8'`
      )
    }
    return {
      version,
      isSuperuser: row["superuser"] === "on",
      hasCollation:
        row["provider"] === "c" &&
        /^(C|POSIX)$/.test(String(row["collation"])) &&
        /utf-?8/i.test(String(row["type"])),
      characterType: String(row["type"])
    }
  })

const unfit = (message: string): DatabaseError =>
  new DatabaseError({ sqlState: undefined, message: `${message}, or leave databaseUrl out` })

/**
 * The time between the two checks in `dropLeftovers`. A sandbox that has lost its connection can
 * reconnect during this time.
 */
const graceMilliseconds = 1_000

/**
 * Drops the schemas of killed sandboxes. A sandbox counts as dead if its lock is free at two
 * checks.
 */
const dropLeftovers = (keeper: Keeper): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const orphans = (candidates: ReadonlyArray<OwnSchemas>) =>
      Effect.filter(candidates, (set) =>
        Effect.map(
          Effect.acquireUseRelease(
            keeper.query("select pg_try_advisory_lock($1, $2) as free", Schemas.lockOf(set)),
            Effect.succeed,
            ([row]) =>
              row?.["free"] === true
                ? Effect.ignore(
                    keeper.query("select pg_advisory_unlock($1, $2)", Schemas.lockOf(set))
                  )
                : Effect.void
          ),
          ([row]) => row?.["free"] === true
        )
      )
    const found = yield* keeper.query(Schemas.foundStatement, [])
    const candidates = yield* orphans(Schemas.setsOf(found.map((row) => String(row["name"]))))
    if (candidates.length === 0) return
    yield* realSleep(graceMilliseconds)
    for (const set of yield* orphans(candidates)) {
      // Schemas of another database user cannot be dropped, but do no harm.
      yield* Effect.ignore(run(keeper, Schemas.dropStatement(set)))
    }
  })

/**
 * Returns the schema of an extension. Creates the extension if the user may do so. A lock ensures
 * that two sandboxes do not create it at the same time.
 */
const locate = (keeper: Keeper, extension: string): Effect.Effect<string, DatabaseError> =>
  Effect.gen(function* () {
    yield* run(
      keeper,
      `do $extension$ begin
        perform pg_advisory_xact_lock(7131021);
        if not exists (select from pg_extension where extname = '${extension}') then
          create extension ${extension} with schema public;
        end if;
      end $extension$`
    )
    const [row] = yield* keeper.query(
      `select nspname as name from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
        where extname = $1`,
      [extension]
    )
    return String(row?.["name"])
  })

const exists = (keeper: Keeper, own: OwnSchemas): Effect.Effect<boolean, DatabaseError> =>
  Effect.map(
    keeper.query("select to_regnamespace($1) is not null as found", [own.names[0]]),
    ([row]) => row?.["found"] === true
  )

const collate = (
  keeper: Keeper,
  own: OwnSchemas,
  { characterType, hasCollation, version }: Server
): Effect.Effect<void, DatabaseError> =>
  hasCollation
    ? Effect.void
    : Effect.zipRight(
        Effect.firstSuccessOf(
          Collation.createStatements(own, version, characterType).map((statement) =>
            run(keeper, statement)
          )
        ),
        run(keeper, Collation.applyStatement(own))
      )
