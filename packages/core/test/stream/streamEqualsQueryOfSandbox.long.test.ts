/** Tests that a stream has the rows of its query, in v1 and v2 of the sandbox. */
import { assert, layer } from "@effect/vitest"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { Clients, RulesLive } from "../rules/clients.js"
import {
  building_metrics,
  type InsightsColumns,
  type MetricsColumns,
  ZONE_INSIGHTS
} from "../rules/tables.js"
import { anyKill, streamed, textOf } from "../support/killedStream.js"
import { fresh } from "../support/sandboxClient.js"

const runs = Number(process.env["STREAM_RUNS"] ?? 4)

const instant = (hours: number) => new Date(Date.UTC(2024, 2, 9) + hours * 3_600_000)

/** A time range in the days around the change to summer time in Chicago. */
const anyRange = FastCheck.oneof(
  FastCheck.tuple(
    FastCheck.integer({ min: 0, max: 71 }),
    FastCheck.integer({ min: 1, max: 72 })
  ).map(([start, length]) => TimeRange.between(instant(start), instant(start + length), "UTC")),
  FastCheck.constantFrom(
    TimeRange.dates("2024-03-10", "2024-03-11", "America/Chicago"),
    TimeRange.dates("2024-03-09", "2024-03-12", "UTC")
  )
)

const anyInstant = FastCheck.integer({ min: 0, max: 71 }).map(instant)

/** `_and`, `_or` and `_not` of simple filters. */
const filtersOf = <Columns>(
  leaf: FastCheck.Arbitrary<Query.Where<Columns>>
): FastCheck.Arbitrary<Query.Where<Columns>> =>
  FastCheck.letrec<{ where: Query.Where<Columns> }>((tie) => ({
    where: FastCheck.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      FastCheck.oneof(
        FastCheck.record({ _and: FastCheck.array(tie("where"), { maxLength: 3 }) }),
        FastCheck.record({ _or: FastCheck.tuple(tie("where"), tie("where")) }),
        FastCheck.record({ _not: tie("where") })
        // Every filter can have the keys `_and`, `_or` and `_not`, whatever its columns are. The
        // compiler cannot see this for a type parameter.
      ) as FastCheck.Arbitrary<unknown> as FastCheck.Arbitrary<Query.Where<Columns>>
    )
  })).where

const anyNumber = FastCheck.double({ min: 0, max: 40, noNaN: true })

const v1Leaf: FastCheck.Arbitrary<Query.Where<MetricsColumns>> = FastCheck.oneof(
  FastCheck.record({ building_id: FastCheck.constantFrom(71, [71, 72], { _neq: 71 }) }),
  FastCheck.record({ metric_value: FastCheck.record({ _gt: anyNumber }) }),
  FastCheck.record({ metric_value: FastCheck.record({ _is_null: FastCheck.boolean() }) }),
  FastCheck.record({ metric_name: FastCheck.record({ _like: FastCheck.constant("%pos%") }) }),
  FastCheck.record({ date_time_start: FastCheck.oneof(anyRange, anyInstant) }),
  FastCheck.record({ date_time_start: FastCheck.record({ _gte: anyInstant }) }),
  FastCheck.record({ date_time_start: FastCheck.record({ _lte: anyInstant }) })
)

const v2Leaf: FastCheck.Arbitrary<Query.Where<InsightsColumns>> = FastCheck.oneof(
  FastCheck.record({ ZONE_ID: FastCheck.record({ _lt: FastCheck.integer({ min: 0, max: 800 }) }) }),
  FastCheck.record({ OCCUPANCY_MEAN: FastCheck.record({ _gt: anyNumber }) }),
  FastCheck.record({ OCCUPANCY_POS_MEAN: FastCheck.record({ _is_null: FastCheck.boolean() }) }),
  FastCheck.record({
    PEOPLE_COUNT: FastCheck.record({ _lte: FastCheck.integer({ min: 0, max: 9 }) })
  }),
  FastCheck.record({
    DATE_PARTITION: FastCheck.oneof(
      FastCheck.constantFrom(20240310, [20240309, 20240311]),
      FastCheck.constant(TimeRange.dates("2024-03-09", "2024-03-11", "America/Chicago"))
    )
  }),
  FastCheck.record({ DATE_TIME_START: FastCheck.oneof(anyRange, anyInstant) }),
  FastCheck.record({ DATE_TIME_START: FastCheck.record({ _lt: anyInstant }) })
)

const anyV1 = FastCheck.tuple(anyRange, filtersOf(v1Leaf)).map(([date_time_start, filter]) =>
  Query.and(
    Query.from(building_metrics, {
      select: ["building_id", "metric_name", "date_time_start", "metric_value"],
      where: { building_id: [71, 72], granularity: "PT1H", _and: [{ date_time_start }] },
      allowOpen: ["metric_name"]
    }),
    filter
  )
)

const anyV2 = FastCheck.tuple(anyRange, filtersOf(v2Leaf)).map(([DATE_TIME_START, filter]) =>
  Query.and(
    Query.from(ZONE_INSIGHTS, {
      select: ["ZONE_ID", "DATE_TIME_START", "OCCUPANCY_MEAN", "PEOPLE_COUNT"],
      where: { BUILDING_ID: 72, GRANULARITY: "PT1H", DATE_TIME_START }
    }),
    filter
  )
)

const anyWay = FastCheck.record({
  options: FastCheck.record({
    window: FastCheck.constantFrom<Duration.DurationInput>("1 day", "30 days"),
    pageSize: FastCheck.constantFrom(50, 500),
    concurrency: FastCheck.integer({ min: 1, max: 3 })
  }),
  kills: FastCheck.array(anyKill, { maxLength: 2 })
})

layer(RulesLive, { excludeTestServices: true })("a stream of the sandbox", (it) => {
  const holds = <Row>(name: "v1" | "v2", anyQuery: FastCheck.Arbitrary<Query.Query<Row>>) =>
    it.effect(
      `a stream of ${name} has the rows of its query, whatever the filter, killed and resumed`,
      () =>
        Effect.gen(function* () {
          yield* fresh
          const metrics: MetricsClient.MetricsClient = (yield* Clients).plain[name]
          yield* Effect.promise(() =>
            FastCheck.assert(
              FastCheck.asyncProperty(anyQuery, anyWay, (query, { kills, options }) =>
                Effect.gen(function* () {
                  const expected = (yield* metrics.query(query)).map(textOf).sort()
                  const { error, rows } = yield* streamed(metrics, query, options, kills, () => {})
                  assert.isUndefined(error, error?.message)
                  assert.deepStrictEqual([...rows].sort(), expected)
                }).pipe(Effect.runPromise)
              ),
              { numRuns: runs, endOnFailure: true }
            )
          )
        }),
      { timeout: 600_000 + runs * 2_000 }
    )
  holds("v1", anyV1)
  holds("v2", anyV2)
})
