/**
 * Tests that the data follows the sandbox's clock: it ends yesterday, and the data of a day does
 * not depend on when it is generated.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { rows } from "../support/client.js"
import { startMillis, startTimeout } from "../support/startTimeout.js"

const everyone = "00000000-0000-0000-0000-000000000000"
const day = 86_400_000

/** Each building with its time zone and the site of the whole building. */
const buildings = [
  { id: 71, site: 900000222, zone: "America/Chicago" },
  { id: 72, site: 900000223, zone: "Europe/Berlin" },
  { id: 73, site: 900000224, zone: "Asia/Kolkata" }
]

type Building = (typeof buildings)[number]

const temporaryDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "innerspace-sandbox-test-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** Returns the local start dates of a building's periods, in ascending order. */
const starts = (sandbox: Sandbox.Service, { id, site }: Building, granularity: string) =>
  Effect.map(
    rows(
      sandbox,
      `{ rows: BUILDING_INSIGHTS(order_by: {DATE_TIME_START: asc}, where: {BUILDING_ID: {_eq: ${id}}, SITE_ID: {_eq: ${site}},
        GROUP_ID: {_eq: "${everyone}"}, GRANULARITY: {_eq: "${granularity}"}}) { DATE_PARTITION } }`,
      { api: "v2" }
    ),
    (found) =>
      found.map((row) => String(row["DATE_PARTITION"]).replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3"))
  )

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10)

/** The last local date that is published. A day is published at 02:00 of the next day. */
const lastNight = (now: number, { zone }: Building): string =>
  addDays(
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(
      now - 2 * 3_600_000
    ),
    -1
  )

/**
 * A time in the first months of the data. For these months, the sandbox generates only a few days.
 */
const instant = FastCheck.integer({
  min: Date.UTC(2024, 0, 3) / 900_000,
  max: Date.UTC(2024, 5, 1) / 900_000
}).map((quarters) => quarters * 900_000)

const check = <A>(
  values: FastCheck.Arbitrary<A>,
  numRuns: number,
  body: (value: A) => Effect.Effect<void, Error>
) =>
  Effect.promise(() =>
    FastCheck.assert(
      FastCheck.asyncProperty(values, (value) => Effect.runPromise(body(value))),
      { numRuns }
    )
  )

/**
 * A sandbox that starts with the data up to February 2024, and adds later days when its clock
 * reaches them.
 */
class Early extends Context.Tag("test/Early")<Early, Sandbox.Service>() {}

const both = Layer.merge(
  Sandbox.layer(),
  Layer.scoped(
    Early,
    Effect.flatMap(temporaryDirectory, (cacheDirectory) =>
      Sandbox.make({ today: "2024-02-10", cacheDirectory })
    )
  )
)

layer(both, { timeout: startTimeout })("the data", (it) => {
  it.effect(
    "the data reaches up to yesterday by the present clock, and a nightly job finds its rows",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        for (const building of buildings) {
          const before = lastNight(Date.now(), building)
          const found = yield* starts(sandbox, building, "P1D")
          // Another day may be published during the query.
          assert.include([before, lastNight(Date.now(), building)], found.at(-1))
          assert.strictEqual(found[0], "2024-01-01")
          assert.deepStrictEqual(
            found,
            found.map((_, index) => addDays("2024-01-01", index))
          )
          const yesterday = yield* rows(
            sandbox,
            `query ($from: timestamptz!) { rows: zone_metrics(where: {granularity: {_eq: "PT15M"}, metric_name: {_eq: "occupancy_mean"},
            zone_id: {_eq: ${building.id}101}, date_time_start: {_gte: $from}}) { metric_value } }`,
            { variables: { from: new Date(Date.now() - 3 * day).toISOString() } }
          )
          if (building.id !== 73) assert.isAtLeast(yesterday.length, 90)
        }
      })
  )

  /**
   * Makes a root field of v1 for floors, buildings or zones. The rows are ordered by all key
   * columns.
   */
  const v1 = (table: string, place: string, ids: string, values: string) =>
    [
      "v1",
      `rows: ${table}(where: {${place}: {_in: ${ids}}, granularity: {_neq: "PT15M"}, date_time_start: {_gte: $from}}, order_by: [
        {date_time_start: asc}, {granularity: asc}, {group_id: asc}, {${place}: asc}, {${values}_name: asc}])
        { ${place} ${values}_name ${values}_value granularity group_id date_time_start }`
    ] as const
  const v2 = (table: string, place: string) =>
    [
      "v2",
      `rows: ${table}(where: {SITE_ID: {_in: [100000721, 900000223]}, DATE_TIME_START: {_gte: $from}, GRANULARITY: {_neq: "PT15M"}},
        order_by: [{DATE_TIME_START: asc}, {GRANULARITY: asc}, {GROUP_ID: asc}, {SITE_ID: asc}, {${place}: asc}])
        { SITE_ID ${place} DATE_TIME_START DATE_PARTITION OCCUPANCY_MEAN OCCUPANCY_MAX PEOPLE_COUNT }`
    ] as const
  const fields = FastCheck.constantFrom(
    v1("building_features", "building_id", "[71, 72]", "feature"),
    v1("site_features", "site_id", "[100000721]", "feature"),
    v1("zone_features", "zone_id", "[72101, 72102]", "feature"),
    v1("building_metrics", "building_id", "[73]", "metric"),
    v1("zone_metrics", "zone_id", "[71304]", "metric"),
    v2("BUILDING_INSIGHTS", "BUILDING_ID"),
    v2("ZONE_INSIGHTS", "ZONE_ID"),
    v2("ZONE_TYPE_INSIGHTS", "ZONE_TYPE")
  )

  it.effect("the data is the same at the same time, whichever clock a sandbox started with", () =>
    Effect.gen(function* () {
      const sandboxes = [yield* Early, yield* Sandbox.Sandbox]
      yield* check(FastCheck.tuple(instant, fields), 8, ([now, [api, field]]) =>
        Effect.gen(function* () {
          const from = new Date(now - 40 * day).toISOString()
          const [early, present] = yield* Effect.forEach(sandboxes, (sandbox) =>
            Effect.zipRight(
              sandbox.control.setTime(new Date(now)),
              rows(sandbox, `query ($from: timestamptz!) { ${field} }`, {
                api,
                variables: { from }
              })
            )
          )
          assert.deepStrictEqual(early, present, field)
        })
      )
      yield* Effect.forEach(sandboxes, ({ control }) => control.reset)
    })
  )

  it.effect("the data gets one more night for each day that passes", () =>
    Effect.gen(function* () {
      const sandbox = yield* Early
      const { control } = sandbox
      const days = FastCheck.integer({ min: 0, max: 45 })
      yield* check(FastCheck.tuple(instant, days), 8, ([now, days]) =>
        Effect.gen(function* () {
          // At noon in UTC, yesterday is published in all zones, and no clock changes.
          yield* control.setTime(new Date(now - (now % day) + day / 2))
          const nights = Effect.forEach(buildings, (building) => starts(sandbox, building, "P1D"))
          const before = yield* nights
          yield* control.advance(`${days} days`)
          const after = yield* nights
          for (const [index, found] of after.entries()) {
            assert.strictEqual(found.length, (before[index]?.length ?? Number.NaN) + days)
          }
        })
      )
      yield* control.reset
    })
  )

  it.effect("a week or a month is published only when all of its nights are", () =>
    Effect.gen(function* () {
      const sandbox = yield* Early
      const next = { P1W: (date: string) => addDays(date, 7), P1M: nextMonth }
      yield* check(instant, 12, (now) =>
        Effect.gen(function* () {
          yield* sandbox.control.setTime(new Date(now))
          for (const building of buildings) {
            const night = (yield* starts(sandbox, building, "P1D")).at(-1) ?? "2023-12-31"
            assert.strictEqual(night, lastNight(now, building))
            for (const granularity of ["P1W", "P1M"] as const) {
              const last = (yield* starts(sandbox, building, granularity)).at(-1)
              const end = last === undefined ? "2024-01-01" : next[granularity](last)
              // The last published week or month has ended, and the next one has not ended.
              assert.isTrue(end <= addDays(night, 1), `${granularity} until ${end} on ${night}`)
              assert.isTrue(next[granularity](end) > addDays(night, 1))
            }
          }
        })
      )
      yield* sandbox.control.reset
    })
  )

  it.effect("realtime occupancy reaches up to the present quarter hour", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const last = Effect.map(
        rows(
          sandbox,
          `{ rows: zone_occupancy(where: {zone_id: {_eq: 71101}}, order_by: {date_time_start: desc}, limit: 1) { date_time_start } }`
        ),
        (found) => Date.parse(String(found[0]?.["date_time_start"]))
      )
      for (const now of ["2025-06-02T18:37:12Z", "2025-12-31T23:59:59Z", "2026-03-08T09:00:00Z"]) {
        yield* sandbox.control.setTime(now)
        const millis = Date.parse(now)
        assert.strictEqual(yield* last, millis - (millis % 900_000) - 900_000)
      }
      yield* sandbox.control.reset
      const before = Date.now()
      const found = yield* last
      assert.isAtLeast(found, before - 2 * 900_000)
      assert.isAtMost(found, Date.now() - 900_000)
    })
  )

  it.effect("the data has holidays of later years", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const meanOf = (building: Building, date: string) =>
        Effect.map(
          rows(
            sandbox,
            `{ rows: BUILDING_INSIGHTS(where: {SITE_ID: {_eq: ${building.site}}, GROUP_ID: {_eq: "${everyone}"},
              GRANULARITY: {_eq: "P1D"}, DATE_PARTITION: {_eq: ${date.replaceAll("-", "")}}}) { OCCUPANCY_MEAN } }`,
            { api: "v2" }
          ),
          (found) => Number(found[0]?.["OCCUPANCY_MEAN"])
        )
      const [chicago, berlin, bengaluru] = buildings
      for (const [building, holiday] of [
        [chicago, "2025-09-01"],
        [chicago, "2025-11-27"],
        [chicago, "2026-01-19"],
        [chicago, "2026-05-25"],
        [berlin, "2025-12-25"],
        [berlin, "2026-04-03"],
        [berlin, "2026-04-06"],
        [berlin, "2026-05-14"],
        [bengaluru, "2025-08-15"],
        [bengaluru, "2026-01-26"]
      ] as const) {
        if (building === undefined) return assert.fail()
        // Two weeks before the holiday is the same weekday, and no holiday.
        const usual = yield* meanOf(building, addDays(holiday, -14))
        assert.isBelow(yield* meanOf(building, holiday), usual / 5, `${building.id} ${holiday}`)
      }
    })
  )

  it.effect("a night can be restated once it is published", () =>
    Effect.gen(function* () {
      const { control } = yield* Early
      yield* control.setTime("2024-04-02T12:00:00Z")
      const early = yield* Effect.flip(control.restate({ date: "2024-04-02" }))
      assert.include(early.message, "2024-01-01 to 2024-04-01")
      yield* control.restate({ date: "2024-04-01" })
      yield* control.advance("1 day")
      yield* control.restate({ date: "2024-04-02" })
      yield* control.setTime("2023-05-05T12:00:00Z")
      const none = yield* Effect.flip(control.restate({ date: "2024-01-01" }))
      assert.include(none.message, "2024-01-01")
      yield* control.reset
    })
  )
})

const nextMonth = (first: string): string => `${addDays(first, 31).slice(0, 8)}01`

describe("today", () => {
  for (const [today, now] of [
    ["2024-01-15", "2024-01-15T12:00:00"],
    ["2024-01-15T08:30:00+05:30", "2024-01-15T03:00:00"],
    [new Date("2024-01-15T08:30:00Z"), "2024-01-15T08:30:00"],
    [DateTime.unsafeMake("2024-01-15T08:30:00Z"), "2024-01-15T08:30:00"]
  ] as const) {
    it.effect(
      `the option today as ${typeof today} ${String(today)} is the start of the clock, also after a reset`,
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.make({ today })
          const minute = Effect.map(control.now, (time) => DateTime.formatIso(time).slice(0, 16))
          assert.strictEqual(yield* minute, now.slice(0, 16))
          yield* control.advance("3 days")
          assert.notStrictEqual(yield* minute, now.slice(0, 16))
          yield* control.reset
          assert.strictEqual(yield* minute, now.slice(0, 16))
        }).pipe(Effect.scoped),
      startMillis
    )
  }

  it.effect(
    "a later today adds months to a prepared database, and an earlier one uses it unchanged",
    () =>
      Effect.gen(function* () {
        const cacheDirectory = yield* temporaryDirectory
        const chicago = buildings[0]
        if (chicago === undefined) return assert.fail()
        const months = Effect.map(
          Effect.promise(() => readdir(cacheDirectory)),
          (names) => names.map((name) => name.slice(-7)).sort()
        )
        const nights = (today: string) =>
          Effect.scoped(
            Effect.flatMap(Sandbox.make({ today, cacheDirectory }), (sandbox) =>
              starts(sandbox, chicago, "P1D")
            )
          )
        assert.strictEqual((yield* nights("2024-01-15")).length, 14)
        assert.deepStrictEqual(yield* months, ["2024-01"])
        assert.strictEqual((yield* nights("2024-03-15")).length, 31 + 29 + 14)
        assert.deepStrictEqual(yield* months, ["2024-01", "2024-03"])
        assert.strictEqual((yield* nights("2024-02-15")).length, 31 + 14)
        assert.deepStrictEqual(yield* months, ["2024-01", "2024-03"])
      }).pipe(Effect.scoped),
    startMillis
  )
})
