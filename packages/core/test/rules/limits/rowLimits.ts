/**
 * A5: a role's limit on rows. The server cuts the rows without an error, and a stream still gets
 * every row.
 */
import { assert, type Vitest } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fresh, operations } from "../../support/sandboxClient.js"
import { Clients } from "../clients.js"
import { building_metrics, SITES, ZONES, zones } from "../tables.js"

/** A day of two buildings in hours. Each hour has two rows. */
const streamed = Query.from(building_metrics, {
  select: ["building_id", "date_time_start", "metric_value"],
  where: {
    building_id: [71, 72],
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.dates("2024-03-05", "2024-03-06", "America/Chicago")
  }
})

const limitedTo = (rowLimit: number) =>
  Effect.tap(fresh, (sandbox) => sandbox.control.setRole({ rowLimit }))

const unlimited = Effect.flatMap(fresh, () =>
  Effect.map(Clients, ({ plain: { v1, v2 } }) => ({ v1, v2 }))
)

/** Pairs of a row limit and a page size that `npm run test:all` adds. */
const moreLimits = [
  [1, 10],
  [6, 10_000],
  [7, 7],
  [7, 10],
  [1000, 10]
] as const

export const rowLimits = (it: Vitest.MethodsNonLive<Clients | Sandbox.Sandbox>): void => {
  it.effect("A5 a row limit cuts rows without an error: query returns the first ones", () =>
    Effect.gen(function* () {
      const { v2 } = yield* unlimited
      const all = yield* v2.query(zones)
      yield* limitedTo(5)
      assert.deepStrictEqual(yield* v2.query(zones), all.slice(0, 5))
      assert.deepStrictEqual(yield* v2.query(Query.limit(zones, 20)), all.slice(0, 5))
      assert.deepStrictEqual(yield* v2.query(Query.limit(zones, 3)), all.slice(0, 3))
      assert.deepStrictEqual(yield* v2.query({ ...zones, offset: 4 }), all.slice(4, 9))
      const { both } = yield* v2.queryAll({ both: zones })
      assert.deepStrictEqual(both, all.slice(0, 5))
      yield* fresh
    })
  )

  it.effect("A5 a row limit cuts each list of related rows separately", () =>
    Effect.gen(function* () {
      const { v2 } = yield* unlimited
      const floors = Query.from(SITES, {
        select: [{ relationship: "ZONES", select: ["ZONE_ID"], orderBy: { ZONE_ID: "asc" } }],
        where: { BUILDING_ID: 72, ZONES: {} },
        orderBy: { SITE_ID: "asc" }
      })
      const all = yield* v2.query(floors)
      yield* limitedTo(3)
      assert.deepStrictEqual(
        yield* v2.query(floors),
        all.map(({ ZONES }) => ({ ZONES: ZONES.slice(0, 3) }))
      )
      yield* fresh
    })
  )

  it.effect("A5 a row limit does not affect aggregates", () =>
    Effect.gen(function* () {
      const { v2 } = yield* unlimited
      yield* limitedTo(3)
      assert.deepStrictEqual(yield* v2.query(Query.aggregate(ZONES, { select: { count: true } })), {
        count: 24
      })
      yield* fresh
    })
  )

  for (const [rowLimit, pageSize] of [
    [7, 4],
    ...(process.env["TEST_ALL"] === undefined ? [] : moreLimits)
  ] as const) {
    for (const concurrency of [1, 3]) {
      it.effect(
        `A5 under a row limit of ${rowLimit}, stream in pages of ${pageSize}, ${concurrency} at a time, gets every row in order, none twice`,
        () =>
          Effect.gen(function* () {
            const { v1 } = yield* unlimited
            const all = yield* v1.query({
              ...streamed,
              orderBy: [{ date_time_start: "asc" }, { building_id: "asc" }]
            })
            assert.strictEqual(all.length, 48)
            yield* limitedTo(rowLimit)
            const rows = yield* Stream.runCollect(
              v1.stream(streamed, { window: "18 hours", pageSize, concurrency })
            )
            const sent = (yield* operations).length
            yield* fresh
            assert.deepStrictEqual(Chunk.toReadonlyArray(rows), all)
            // The first window has 36 rows and the second window 12 rows, and each window ends with
            // an empty page. If the role cuts a page, the last row of the page is read again, so
            // the page has one new row less than the row limit. The other requests find out that
            // the role cuts pages.
            const page = Math.min(Math.max(1, rowLimit - 1), pageSize)
            assert.isAtMost(sent, Math.ceil(36 / page) + Math.ceil(12 / page) + 2 + 4)
          })
      )
    }
  }
}
