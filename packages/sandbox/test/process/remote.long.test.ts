import { spawn } from "node:child_process"
import { once } from "node:events"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { query, rows } from "../support/client.js"
import type { Server } from "../support/postgres.js"
import { start } from "../support/postgres.js"
import { startMillis } from "../support/startTimeout.js"

/**
 * Settings of the role and the database. Each setting differs from the setting of the embedded
 * database.
 */
const settings = [
  ["TimeZone", "'America/St_Johns'"],
  ["DateStyle", "'German, DMY'"],
  ["IntervalStyle", "'iso_8601'"],
  ["bytea_output", "'escape'"],
  ["extra_float_digits", "-3"],
  ["standard_conforming_strings", "off"],
  ["search_path", "'decoys', 'public'"],
  ["default_transaction_read_only", "on"],
  ["default_transaction_isolation", "'serializable'"],
  ["statement_timeout", "'1ms'"],
  ["lock_timeout", "'1ms'"],
  ["idle_in_transaction_session_timeout", "'1ms'"],
  ["row_security", "off"],
  ["transform_null_equals", "on"],
  ["array_nulls", "off"],
  ["timezone_abbreviations", "'India'"],
  ["client_encoding", "'LATIN1'"],
  ["xmlbinary", "'hex'"]
] as const

/** Statements that make objects of the user. These objects must still exist after the test. */
const others = [
  "create schema innerspace_sandbox",
  "create table innerspace_sandbox.mine as select 1 as one",
  "create schema innerspace_sandbox_v1",
  "create schema innerspace_sandbox_0badcafe",
  "create table innerspace_sandbox_0badcafe.mine as select 1 as one",
  "create schema innerspace_sandbox_0badcafe_v2",
  // PostgreSQL could use these objects instead of its own functions and types.
  "create schema decoys",
  "create function decoys.round(float8) returns float8 language sql as 'select 0::float8'",
  "create function decoys.lower(text) returns text language sql as 'select ''decoy'''",
  "create schema extensions",
  "create extension citext schema extensions",
  "create extension ltree schema extensions",
  "create role hostile login",
  "grant all on database shared to hostile",
  "grant usage on schema decoys, extensions to hostile",
  ...settings.flatMap(([name, value]) =>
    name === "client_encoding" || name === "default_transaction_read_only"
      ? [`alter role hostile set ${name} = ${value}`]
      : [
          `alter role hostile set ${name} = ${value}`,
          `alter role hostile in database shared set ${name} = ${value}`
        ]
  )
]

/**
 * The time limit of an operation. It is long, because one of the queries sorts whole tables, which
 * takes the embedded database a minute on a busy machine.
 */
const timeLimit = "10 minutes"

interface Setup {
  readonly server: Server
  readonly url: Redacted.Redacted<string>
  readonly embedded: Sandbox.Service
  /** Two sandboxes on one database. */
  readonly first: Sandbox.Service
  readonly second: Sandbox.Service
}

/** `undefined` on a machine without PostgreSQL. */
class Remote extends Context.Tag("Remote")<Remote, Setup | undefined>() {}

const live = Layer.scoped(
  Remote,
  Effect.gen(function* () {
    const server = yield* start
    if (server === undefined) {
      console.warn(
        "SKIPPED: no PostgreSQL server was found, so the sandbox was not tested on one. " +
          "Install the development dependencies or PostgreSQL."
      )
      return undefined
    }
    yield* server.run(
      "postgres",
      "create database shared template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C'"
    )
    for (const statement of others) yield* server.run("shared", statement)
    const url = server.urlOf("shared", "hostile")
    const [embedded, first, second] = yield* Effect.all(
      [
        Sandbox.make({ everyType: true, timeLimit }),
        Sandbox.make({ databaseUrl: url, everyType: true, timeLimit }),
        Sandbox.make({ databaseUrl: url, seed: 7 })
      ],
      { concurrency: "unbounded" }
    )
    return { server, url, embedded, first, second }
  })
)

const withServer = <E, R>(use: (setup: Setup) => Effect.Effect<void, E, R>) =>
  Effect.flatMap(Remote, (setup) => (setup === undefined ? Effect.void : use(setup)))

const night = `{ rows: building_metrics(order_by: {metric_name: asc, group_id: asc}, where: {
  building_id: {_eq: 71}, granularity: {_eq: "P1D"}, date_time_start: {_eq: "2025-05-13T05:00:00Z"}
}) { metric_name group_id metric_value } }`

const made = (server: Server) =>
  Effect.map(
    server.run(
      "shared",
      `select nspname as name from pg_namespace
        where nspname ~ '^innerspace_sandbox_[0-9a-f]{8}$' and nspname <> 'innerspace_sandbox_0badcafe'
        order by nspname`
    ),
    (found) => found.map(({ name }) => String(name))
  )

const terminate = (server: Server) =>
  server.run(
    "shared",
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'shared'"
  )

const bin = join(
  dirname(createRequire(import.meta.url).resolve("@innerspace-metrics/sandbox/package.json")),
  "dist",
  "bin.js"
)

const everyColumn = `id int smallint bigint numeric float8 real boolean text varchar citext bpchar uuid
  timestamptz timestamp date time timetz jsonb json ints strings kind ltree`

const texts = ["text", "varchar", "citext", "bpchar", "kind"]

/**
 * Operations whose responses could depend on settings, on the order of texts, on case, or on the
 * messages of the server.
 */
const operations: ReadonlyArray<readonly [Sandbox.ApiName, string]> = [
  ["v1", `{ every_type(order_by: {id: asc}) { ${everyColumn} } }`],
  ...texts.flatMap(
    (column): ReadonlyArray<readonly [Sandbox.ApiName, string]> => [
      ["v1", `{ every_type(order_by: [{${column}: asc}, {id: asc}]) { id ${column} } }`],
      [
        "v1",
        `{ every_type(order_by: [{${column}: desc}, {id: asc}], distinct_on: ${column}) { id } }`
      ],
      [
        "v1",
        `{ every_type_aggregate { aggregate { min { ${column} } max { ${column} } count(columns: ${column}, distinct: true) } } }`
      ]
    ]
  ),
  ...["_gt", "_lte", "_like", "_ilike", "_similar", "_iregex"].flatMap((operator) =>
    ["a_b", "ZÜRICH", "m%", "M", "[a-z]+"].map(
      (value) =>
        [
          "v1",
          `{ every_type(order_by: {id: asc}, where: {text: {${operator}: ${JSON.stringify(value)}}}) { id text } }`
        ] as const
    )
  ),
  ["v1", `{ every_type(order_by: {id: asc}, where: {citext: {_gt: "desk"}}) { id citext } }`],
  ["v1", `{ every_type(order_by: {id: asc}, where: {strings: {_gt: ["a"]}}) { id strings } }`],
  ["v1", `{ every_type(order_by: [{strings: asc}, {id: asc}]) { id strings } }`],
  ["v1", `{ every_type(order_by: [{ltree: asc}, {id: asc}]) { id ltree } }`],
  ["v1", `{ every_type(order_by: {id: asc}, where: {timestamp: {_gt: "01/02/2024"}}) { id } }`],
  ["v1", `{ every_type(order_by: {id: asc}, where: {date: {_lt: "2024-03-04 IST"}}) { id date } }`],
  ["v1", `{ every_type(where: {timestamptz: {_gt: "2024-01-01 00:00:00"}}) { id } }`],
  ["v1", `{ every_type(where: {timestamptz: {_gt: "2024-01-01 00:00:00 IST"}}) { id } }`],
  ["v1", `{ every_type(where: {timestamptz: {_gt: "yesterday at noon"}}) { id } }`],
  ["v1", `{ every_type(where: {uuid: {_eq: "x"}}) { id } }`],
  [
    "v1",
    `{ every_type_aggregate { aggregate { avg { float8 numeric } sum { float8 real numeric } stddev { real } } } }`
  ],
  [
    "v1",
    `{ every_type(where: {jsonb: {_cast: {String: {_ilike: "%A%"}}}}, order_by: {id: asc}) { id } }`
  ],
  ["v1", night.replace("rows: ", "")],
  [
    "v1",
    "{ building_features(limit: 20, order_by: [{feature_name: asc}, {group_id: desc}, {date_time_start: asc}, {building_id: asc}]) { feature_name feature_value date_time_start } }"
  ],
  [
    "v1",
    `{ site_features(limit: 20, where: {granularity: {_eq: "P1M"}}, order_by: [{feature_name: asc}, {date_time_start: asc}, {site_id: asc}]) { feature_name feature_value date_time_start } }`
  ],
  [
    "v1",
    `{ building_metrics(where: {granularity: {_gte: "P1M"}}, distinct_on: metric_name, order_by: [{metric_name: desc}, {date_time_start: asc}, {granularity: asc}, {group_id: asc}, {building_id: asc}]) { metric_name granularity metric_value } }`
  ],
  [
    "v2",
    "{ ZONES(order_by: [{NAME: asc}, {ZONE_ID: asc}]) { ZONE_ID NAME ZONE_TYPE SITE { NAME } } GROUPS(order_by: {NAME: desc}) { GROUP_ID NAME } }"
  ],
  [
    "v2",
    `{ BUILDING_INSIGHTS(limit: 50, where: {GRANULARITY: {_gte: "P1M"}}, order_by: [{GRANULARITY: asc}, {DATE_PARTITION: asc}, {BUILDING_ID: asc}, {SITE_ID: asc}, {GROUP_ID: asc}]) { GRANULARITY DATE_PARTITION DATE_TIME_START OCCUPANCY_MEAN } }`
  ],
  [
    "v1.5",
    `{ ZONE_TYPE_INSIGHTS(limit: 50, where: {GRANULARITY: {_eq: "P1W"}}, order_by: [{ZONE_TYPE: desc}, {DATE_PARTITION: asc}, {SITE_ID: asc}]) { ZONE_TYPE DATE_TIME_START OCCUPANCY_POS_MEAN PEOPLE_COUNT } }`
  ]
]

layer(live, { timeout: "5 minutes" })("a PostgreSQL server of the user", (it) => {
  it.effect(
    "a user's server answers like the embedded database byte for byte, whatever its settings are",
    () =>
      withServer(({ embedded, first }) =>
        Effect.gen(function* () {
          for (const [api, operation] of operations) {
            const [expected, found] = yield* Effect.all([
              query(embedded, operation, { api }),
              query(first, operation, { api })
            ])
            assert.strictEqual(found.text, expected.text, operation)
            assert.notInclude(expected.text, "database query error", operation)
          }
        })
      ),
    600_000
  )

  it.effect(
    "sandboxes on one server do not see each other's data, nights or columns",
    () =>
      withServer(({ embedded, first, second, server }) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* made(server)).length, 2)
          const before = yield* Effect.all([rows(first, night), rows(second, night)])
          assert.deepStrictEqual(before[0], yield* rows(embedded, night))
          assert.notDeepEqual(before[0], before[1])
          yield* second.control.restate({ date: "2025-05-13" })
          yield* second.control.inject(
            Fault.columnGone({
              table: "building_metrics",
              column: "metric_value",
              renamedTo: "value"
            })
          )
          assert.include((yield* query(second, night)).text, "metric_value")
          const renamed = night.replace("metric_value", "value")
          const restated = yield* rows(second, renamed)
          assert.notDeepEqual(
            restated.map((row) => row["value"]),
            before[1].map((row) => row["metric_value"])
          )
          assert.deepStrictEqual(yield* rows(first, night), before[0])
          yield* second.control.reset
          assert.deepStrictEqual(yield* rows(second, night), before[1])
        })
      ),
    startMillis
  )

  it.effect(
    "after lost connections the next statements use new ones",
    () =>
      withServer(({ first, second, server }) =>
        Effect.gen(function* () {
          const many = Effect.all(
            Array.from({ length: 12 }, (_, index) => rows(index % 2 === 0 ? first : second, night)),
            { concurrency: "unbounded" }
          )
          const before = yield* many
          const owners = yield* made(server)
          for (const lose of [
            Effect.asVoid(terminate(server)),
            server.restart,
            Effect.zipRight(terminate(server), server.restart)
          ]) {
            yield* lose
            assert.deepStrictEqual(yield* many, before)
            yield* first.control.restate({ date: "2025-05-14" })
            yield* first.control.reset
          }
          assert.deepStrictEqual(yield* made(server), owners)
        })
      ),
    startMillis
  )

  it.effect(
    "a sandbox that was killed or stopped leaves nothing behind, and the user's objects remain",
    () =>
      withServer(({ first, server, url }) =>
        Effect.gen(function* () {
          const alive = yield* made(server)
          yield* Effect.promise(async () => {
            const child = spawn(process.execPath, [bin, "--port", "0"], {
              env: { ...process.env, INNERSPACE_SANDBOX_DATABASE_URL: Redacted.value(url) },
              stdio: ["ignore", "pipe", "inherit"]
            })
            await once(child.stdout, "data")
            child.kill("SIGKILL")
            await once(child, "close")
          })
          assert.strictEqual((yield* made(server)).length, alive.length + 1)
          yield* Effect.scoped(
            Effect.gen(function* () {
              const third = yield* Sandbox.make({ databaseUrl: url })
              assert.deepStrictEqual(yield* rows(third, night), yield* rows(first, night))
              const found = yield* made(server)
              assert.strictEqual(found.length, alive.length + 1)
              assert.includeMembers(found, [...alive])
            })
          )
          assert.deepStrictEqual(yield* made(server), alive)
          assert.deepStrictEqual(
            yield* server.run(
              "shared",
              `select one from innerspace_sandbox.mine union all
              select one from innerspace_sandbox_0badcafe.mine union all
              select count(*)::int from pg_namespace
                where nspname in ('innerspace_sandbox_v1', 'innerspace_sandbox_0badcafe_v2')`
            ),
            [{ one: 1 }, { one: 1 }, { one: 2 }]
          )
        })
      ),
    startMillis
  )
})
