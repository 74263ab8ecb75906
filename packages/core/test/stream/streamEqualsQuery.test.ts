/**
 * Tests that a stream has the rows of its query, for any query, for any paging of the server, and
 * wherever the stream is killed and resumed. To try more queries than `npm test` does:
 *
 *   STREAM_RUNS=5000 npx vitest run test/stream/streamEqualsQuery.test.ts
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, describe, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Column from "@innerspace-metrics/core/Column"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { anyKill, type Kill, streamed, textOf } from "../support/killedStream.js"
import { Digits, type Manners, type Row, type RowServer, rowServer } from "../support/rowServer.js"
import { oneToken } from "../support/transportClient.js"

const runs = Number(process.env["STREAM_RUNS"] ?? (process.env["TEST_ALL"] === undefined ? 8 : 25))

const observed = "the server of this test"

const zones = Table.make("zones", {
  name: Column.observed(Scalar.String, observed),
  floor: Column.observed(Scalar.Int, observed)
})

const tags = Table.make("tags", { tag: Column.observed(Scalar.String, observed) })

/**
 * A table with four key columns: a time, a number that can be null, a text, and a decimal with more
 * digits than a double.
 */
const readings = Table.make("readings", {
  measured_at: Column.key(Column.observed(Scalar.timestamptz, observed)),
  zone_id: Column.key(Column.nullable(Column.observed(Scalar.Int, observed))),
  sensor: Column.key(Column.observed(Scalar.String, observed)),
  exact_number: Column.key(Column.observed(Scalar.numeric, observed)),
  updated_at: Column.nullable(Column.observed(Scalar.timestamptz, observed)),
  day: Column.observed(Scalar.datePartition, observed),
  level: Column.nullable(Column.observed(Scalar.Int, observed)),
  note: Column.nullable(Column.observed(Scalar.String, observed)),
  zone: Relationship.one(() => zones),
  tags: Relationship.many(() => tags)
})

type Columns = typeof readings.columns
type Where = Query.Where<Columns>

const first = Date.UTC(2024, 2, 9)
const hour = 3_600_000
const instantAt = (hours: number) => new Date(first + hours * hour)

const anyHour = FastCheck.integer({ min: 0, max: 71 })

const timeText = (hours: number, fraction: string) =>
  `${instantAt(hours).toISOString().slice(0, 19)}${fraction}+00:00`

/**
 * Half of the rows are in the same two hours. Pages therefore also end between rows that differ
 * only in the other keys.
 */
const anyTime = FastCheck.tuple(
  FastCheck.oneof(anyHour, FastCheck.constantFrom(30, 31)),
  FastCheck.constantFrom("", "", "", ".5", ".000001", ".000002")
)

const anyRow: FastCheck.Arbitrary<Row> = FastCheck.record({
  time: anyTime,
  zone_id: FastCheck.constantFrom(null, 1, 2, 3),
  sensor: FastCheck.constantFrom("a", "b", "B", "\u00e4"),
  exact_number: FastCheck.constantFrom(
    "0.5",
    "0.12345678901234567891",
    "0.12345678901234567892",
    "900719925474099301"
  ),
  updated: FastCheck.option(anyTime),
  level: FastCheck.option(FastCheck.integer({ min: -2, max: 4 })),
  note: FastCheck.option(FastCheck.constantFrom("x", "y", "")),
  tags: FastCheck.array(FastCheck.constantFrom("red", "green"), { maxLength: 2 })
}).map(({ exact_number, tags, time, updated, zone_id, ...row }) => ({
  ...row,
  zone_id,
  exact_number: new Digits(exact_number),
  measured_at: timeText(...time),
  updated_at: updated === null ? null : timeText(...updated),
  day: Number(instantAt(time[0]).toISOString().slice(0, 10).replaceAll("-", "")),
  zone: zone_id === null ? null : { name: `zone ${zone_id}`, floor: zone_id % 2 },
  tags: tags.map((tag) => ({ tag }))
}))

const keyOf = ({ exact_number, measured_at, sensor, zone_id }: Row) =>
  JSON.stringify([measured_at, zone_id, sensor, exact_number])

const numberedKeyOf = ({ measured_at, zone_id }: Row) => JSON.stringify([measured_at, zone_id])

const anyRange = FastCheck.tuple(anyHour, FastCheck.integer({ min: 1, max: 72 })).chain(
  ([start, length]) =>
    FastCheck.constantFrom(
      TimeRange.between(instantAt(start), instantAt(start + length)),
      TimeRange.dates("2024-03-09", "2024-03-11", "UTC"),
      TimeRange.dates("2024-03-09", "2024-03-12", "America/Chicago")
    )
)

const anyLevel = FastCheck.integer({ min: -2, max: 4 })

const anyInstant = anyHour.map(instantAt)

const comparison = <A>(value: FastCheck.Arbitrary<A>) =>
  FastCheck.oneof(
    FastCheck.record({ _eq: value }),
    FastCheck.record({ _neq: value }),
    FastCheck.record({ _gt: value }),
    FastCheck.record({ _gte: value }),
    FastCheck.record({ _lt: value }),
    FastCheck.record({ _lte: value }),
    FastCheck.record({ _in: FastCheck.array(value, { maxLength: 3 }) }),
    FastCheck.record({ _nin: FastCheck.array(value, { maxLength: 3 }) }),
    FastCheck.record({ _is_null: FastCheck.boolean() })
  )

const anyFilter: FastCheck.Arbitrary<Where> = FastCheck.letrec<{ where: Where }>((tie) => ({
  where: FastCheck.oneof(
    { maxDepth: 3 },
    FastCheck.record({ level: FastCheck.oneof(anyLevel, comparison(anyLevel)) }),
    FastCheck.record({ zone_id: FastCheck.oneof(anyLevel, comparison(anyLevel)) }),
    FastCheck.record({
      sensor: FastCheck.oneof(
        FastCheck.constantFrom("a", "b"),
        comparison(FastCheck.constantFrom("a", "b"))
      )
    }),
    FastCheck.record({ note: comparison(FastCheck.constantFrom("x", "y")) }),
    FastCheck.record({ measured_at: FastCheck.oneof(anyRange, comparison(anyInstant)) }),
    FastCheck.record({ updated_at: FastCheck.oneof(anyRange, comparison(anyInstant)) }),
    FastCheck.record({
      day: FastCheck.constantFrom(20240310, TimeRange.dates("2024-03-09", "2024-03-11", "UTC"))
    }),
    FastCheck.record({ zone: FastCheck.record({ floor: FastCheck.constantFrom(0, 1) }) }),
    FastCheck.record({ tags: FastCheck.record({ tag: FastCheck.constantFrom("red", "green") }) }),
    FastCheck.record({ _and: FastCheck.array(tie("where"), { maxLength: 3 }) }),
    FastCheck.record({
      _or: FastCheck.tuple(tie("where"), tie("where")).map(([one, other]) => [one, other] as const)
    }),
    FastCheck.record({ _not: tie("where") })
  )
})).where

/** A counterexample prints the document instead of the whole query object. */
const shownAsDocument = <A extends Query.Query<unknown>>(query: A): A =>
  Object.defineProperty(query, FastCheck.toStringMethod, {
    value: () =>
      Effect.runSync(
        Effect.match(QueryBuilder.build(query), {
          onFailure: ({ message }) => message,
          onSuccess: (operation) =>
            `${Operation.toText(operation)} ${JSON.stringify(operation.variables)}`
        })
      )
  })

/**
 * The filters of a query in addition to its time range. There is often no filter, because most
 * filters leave only a few rows, and a page rarely ends between few rows.
 */
const anyFilters: FastCheck.Arbitrary<Array<Where>> = FastCheck.oneof(
  FastCheck.constant([]),
  // A second range, of another column or of the time column.
  FastCheck.tuple(
    FastCheck.oneof(
      FastCheck.record({ updated_at: anyRange }),
      FastCheck.record({ measured_at: anyRange })
    )
  ),
  FastCheck.array(anyFilter, { maxLength: 3 })
)

/**
 * A query that a stream accepts. Its time range applies to every row, wherever in the filter the
 * range is.
 */
const anyQuery = FastCheck.tuple(
  FastCheck.oneof(anyRange, FastCheck.constant(TimeRange.dates("2024-03-09", "2024-03-12", "UTC"))),
  anyFilters,
  FastCheck.integer({ min: 0, max: 3 }),
  FastCheck.boolean()
).map(([range, filters, shape, isRaw]) => {
  const where: Where =
    shape === 0
      ? { measured_at: range, _and: filters }
      : shape === 1
        ? { _and: [...filters, { measured_at: range }] }
        : { measured_at: range }
  const written = Query.from(readings, {
    select: [
      "measured_at",
      "level",
      { column: "exact_number", as: "number" },
      { relationship: "zone", select: ["name"] },
      { relationship: "tags", select: ["tag"] },
      ...(shape === 3 ? (["zone_id", "sensor"] as const) : [])
    ],
    where
  })
  const query = shape > 1 ? filters.reduce(Query.and, written) : written
  return shownAsDocument(isRaw ? Query.raw(query) : query)
})

const anyOptions = FastCheck.record({
  window: FastCheck.constantFrom<Duration.DurationInput>("11 hours", "1 day", "30 days"),
  pageSize: FastCheck.oneof(
    FastCheck.integer({ min: 1, max: 3 }),
    FastCheck.integer({ min: 4, max: 9 })
  ),
  concurrency: FastCheck.integer({ min: 1, max: 3 })
})

interface Scene {
  readonly rows: ReadonlyArray<Row>
  readonly query: Query.Query<unknown>
  readonly manners: Manners
  readonly options: Streaming.Options
  readonly kills: ReadonlyArray<Kill>
}

/**
 * Which rows have the same key. With `distinct` no rows do, and with `equal` some rows do. With
 * `ordered`, no two rows have the same time and number. A stream cannot compare texts, because the
 * server's collation orders them. A stream therefore finds a page that begins too early only if the
 * time or the number shows it.
 */
type Keys = "distinct" | "equal" | "ordered"

const anyScene = (manners: FastCheck.Arbitrary<Manners>, keys: Keys): FastCheck.Arbitrary<Scene> =>
  FastCheck.record({
    rows:
      keys === "equal"
        ? FastCheck.array(anyRow, { minLength: 1, maxLength: 25 }).chain((rows) =>
            FastCheck.array(FastCheck.constantFrom(...rows), { maxLength: 20 }).map((again) => [
              ...rows,
              ...again
            ])
          )
        : FastCheck.uniqueArray(anyRow, {
            maxLength: 60,
            selector: keys === "ordered" ? numberedKeyOf : keyOf,
            size: "max"
          }),
    query: anyQuery,
    manners,
    options: anyOptions,
    kills: FastCheck.array(anyKill, { maxLength: 3 })
  })

const live = Clock.make()

/**
 * A clock on which short waits, as after an error of a gateway, end at once. The longer time limits
 * of calls still apply.
 */
const impatient: Clock.Clock = Object.assign(Clock.make(), {
  sleep: (duration: Duration.Duration) =>
    Duration.toMillis(duration) < 10_000 ? Effect.yieldNow() : live.sleep(duration)
})

class Service extends Context.Tag("Service")<
  Service,
  { readonly server: RowServer; readonly metrics: MetricsClient.MetricsClient }
>() {}

const ServiceLive = Layer.scoped(
  Service,
  Effect.gen(function* () {
    const server = yield* rowServer("readings")
    const metrics = yield* MetricsClient.make({
      api: Api.withBaseUrl(Api.v1, server.url),
      retry: RetryPolicy.make({ budget: 1_000_000 })
    })
    return { server, metrics }
  })
).pipe(Layer.provide([oneToken, QueryBuilder.layer, FetchHttpClient.layer]))

const check = (
  service: Context.Tag.Service<Service>,
  scene: Scene,
  mayFail: (error: CallError) => boolean
) =>
  Effect.gen(function* () {
    service.server.behave({})
    service.server.fill(scene.rows)
    const expected = (yield* service.metrics.query(scene.query)).map(textOf).sort()
    const { error, rows } = yield* streamed(
      service.metrics,
      scene.query,
      scene.options,
      scene.kills,
      (onRequest) => service.server.behave({ ...scene.manners, onRequest })
    )
    const found = [...rows].sort()
    if (error === undefined) {
      assert.deepStrictEqual(found, expected)
    } else {
      assert.isTrue(mayFail(error), `${error._tag}.${error.reason}: ${error.message}`)
      // A stream that ends with an error must not have returned wrong rows.
      const left = [...expected]
      for (const row of found) {
        const at = left.indexOf(row)
        assert.notStrictEqual(at, -1, `an extra row ${row}`)
        left.splice(at, 1)
      }
    }
  }).pipe(Effect.withClock(impatient))

const holds = (
  name: string,
  manners: FastCheck.Arbitrary<Manners>,
  keys: Keys,
  mayFail: (error: CallError) => boolean = () => false
) => ({ name, manners, keys, mayFail })

const never = () => false

/**
 * A server that cuts each page at a random row. A seed determines the random numbers, so a failure
 * can be repeated.
 */
const cutting = FastCheck.integer({ min: 1, max: 2 ** 31 - 2 }).map((seed): Manners => {
  let state = seed
  return {
    cut: (rows) => {
      state = (state * 48_271) % 2_147_483_647
      return rows === 0 ? 0 : 1 + (state % rows)
    }
  }
})

const limited = FastCheck.integer({ min: 1, max: 7 }).map((rowLimit): Manners => ({ rowLimit }))

const gateway = FastCheck.record({
  gatewayLimit: FastCheck.integer({ min: 1, max: 6 }),
  gatewayStatus: FastCheck.constantFrom(502, 413, 504)
})

const plain = FastCheck.constant<Manners>({})

const cannotTell = (error: CallError) =>
  error._tag === "QueryError" && /have the same/.test(error.message)

const wrong = (error: CallError) => error._tag === "DecodeError" || cannotTell(error)

const scenes = [
  holds("of any query", plain, "distinct", never),
  holds("where rows share a key", plain, "equal", never),
  holds("under a limit of the role", limited, "distinct", never),
  holds("of a server that cuts pages as it likes", cutting, "distinct", never),
  holds("behind a gateway that refuses large pages", gateway, "distinct", never),
  holds(
    "of a server that repeats the first page, or the stream fails",
    FastCheck.constant(null).map((): Manners => {
      let kept: ReadonlyArray<Row> | undefined
      return {
        change: (rows) => {
          if (kept === undefined && rows.length > 0) kept = rows
          return rows.length === 0 ? rows : (kept ?? rows)
        }
      }
    }),
    "distinct",
    wrong
  ),
  holds(
    "of a server that ignores the cursor, or the stream fails",
    FastCheck.constant({ ignoresCursor: true }),
    "ordered",
    wrong
  ),
  holds(
    "of a server that sorts times the other way, or the stream fails",
    FastCheck.constant<Manners>({
      change: (rows) =>
        // Rows with the same time keep their order, because a stream could not find a wrong order
        // of texts.
        rows.toSorted((one, other) =>
          String(other["measured_at"]).localeCompare(String(one["measured_at"]), "en")
        )
    }),
    "distinct",
    wrong
  ),
  holds(
    "of a server that sends rows of another window, or the stream fails",
    FastCheck.constant<Manners>({
      change: (rows) => rows.map((row) => ({ ...row, measured_at: timeText(500, "") }))
    }),
    "distinct",
    wrong
  ),
  holds(
    "of a server whose keys are null against its schema, or the stream fails",
    FastCheck.constant<Manners>({
      // No filter limits this key to one value, so the key is a part of every cursor.
      change: (rows, page) =>
        page < 2 ? rows : rows.map((row) => ({ ...row, exact_number: null }))
    }),
    "distinct",
    wrong
  )
]

layer(ServiceLive, { excludeTestServices: true })("a stream has the rows of its query", (it) => {
  describe("killed and resumed anywhere", () => {
    for (const { keys, manners, mayFail, name } of scenes) {
      it.effect(
        `a stream has the rows of its query, killed and resumed anywhere: ${name}`,
        () =>
          Effect.gen(function* () {
            const service = yield* Service
            yield* Effect.promise(() =>
              FastCheck.assert(
                FastCheck.asyncProperty(anyScene(manners, keys), (scene) =>
                  Effect.runPromise(check(service, scene, mayFail))
                ),
                { numRuns: runs, endOnFailure: true }
              )
            )
          }),
        { timeout: 600_000 + runs * 1_000 }
      )
    }
  })
})
