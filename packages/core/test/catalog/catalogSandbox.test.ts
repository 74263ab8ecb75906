/**
 * Compares the catalogue of the sandbox's own schema with the committed example. After a change of
 * the sandbox, `pnpm --dir packages/core update-example` writes the example again.
 */
import { assert, describe, expect, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as CheckedQueryBuilder from "@innerspace-metrics/core/CheckedQueryBuilder"
import * as Column from "@innerspace-metrics/core/Column"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as v1 from "@innerspace-metrics/core/v1"
import { building_features, building_metrics, zone_occupancy } from "@innerspace-metrics/core/v1"
import * as v2 from "@innerspace-metrics/core/v2"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as example from "../../examples/sandbox-catalog.js"
import { client, fresh, operations, services, TestLive } from "../support/sandboxClient.js"

const introspection = Effect.flatMap(client(), (metrics) => metrics.schema)

const of = <Decoded, Filter>(scalar: Scalar.Scalar<Decoded, Filter>) =>
  Column.documented(scalar, "test")

layer(TestLive, { timeout: "60 seconds" })("the sandbox's catalogue", (it) => {
  describe("as a committed module", () => {
    it.effect("the committed catalogue of the sandbox equals its introspection", () =>
      Effect.gen(function* () {
        const catalog = yield* Catalog.fromIntrospection("sandbox", yield* introspection)
        const text = yield* Catalog.toTypeScript(catalog, { source: "the sandbox's schema" })
        yield* Effect.promise(() =>
          expect(text).toMatchFileSnapshot("../../examples/sandbox-catalog.ts")
        )
        assert.deepStrictEqual(Catalog.diff(example.catalog, catalog), [])
      })
    )

    it.effect("the committed catalogue of the sandbox can be queried, typed and decoded", () =>
      Effect.gen(function* () {
        const metrics = yield* client()
        const rows = yield* metrics.query(
          Query.from(example.building_metrics, {
            select: ["building_id", "metric_name", "metric_value"],
            where: { building_id: 71, granularity: "PT1H", metric_name: { _like: "occ%" } },
            allowOpen: ["metric_name", "group_id"],
            orderBy: { date_time_start: "asc" },
            limit: 3
          })
        )
        assert.deepStrictEqual(
          rows.map(({ building_id }) => building_id),
          [71, 71, 71]
        )
      })
    )
  })

  describe("compared with the shipped one", () => {
    it.effect("the catalogue of the sandbox confirms all columns of v1, with their nulls", () =>
      Effect.gen(function* () {
        const live = yield* Catalog.fromIntrospection("sandbox", yield* introspection)
        assert.deepStrictEqual(Catalog.diff(v1.catalog, live).map(Catalog.formatChange), [])
      })
    )

    it.effect("the catalogue of the sandbox confirms all columns of v2, with their nulls", () =>
      Effect.gen(function* () {
        const { urls } = yield* Sandbox.Sandbox
        const metrics = yield* MetricsClient.make({ api: Api.withBaseUrl(Api.v2, urls.v2) })
        const live = yield* Catalog.fromIntrospection("sandbox", yield* metrics.schema)
        const changes = Catalog.diff(v2.catalog, live)
        // The shipped catalogue has no relationships.
        assert.deepStrictEqual(
          changes
            .filter(({ _tag }) => _tag !== "RelationshipAdded")
            .map((change) => Catalog.formatChange(change)),
          []
        )
      }).pipe(Effect.provide(services(Api.v2)))
    )

    it.effect(
      "a stream of zone_occupancy has the rows of all zones, also with a low row limit",
      () =>
        Effect.gen(function* () {
          const metrics = yield* client()
          const { control } = yield* Sandbox.Sandbox
          // The row limit is lower than the number of zones, so a response cannot contain all rows
          // of a time.
          yield* control.setRole({ rowLimit: 2 })
          const question = Query.from(zone_occupancy, {
            select: ["zone_id", "date_time_start", "occupancy"],
            where: {
              zone_id: [71101, 71102, 71103],
              date_time_start: TimeRange.between(
                new Date("2024-03-05T15:00:00Z"),
                new Date("2024-03-05T16:00:00Z")
              )
            }
          })
          const rows = yield* Stream.runCollect(metrics.stream(question)).pipe(
            Effect.ensuring(control.reset)
          )
          const keys = Array.from(
            rows,
            ({ date_time_start, zone_id }) => `${zone_id} ${date_time_start.epochMillis}`
          )
          assert.strictEqual(keys.length, 3 * 4)
          assert.strictEqual(new Set(keys).size, 3 * 4)
        })
    )
  })

  describe("CheckedQueryBuilder", () => {
    const Checked = CheckedQueryBuilder.layer(introspection)

    it.scoped("CheckedQueryBuilder fetches the schema once and accepts queries that match it", () =>
      Effect.gen(function* () {
        yield* fresh
        const builder = yield* Effect.provide(
          QueryBuilder.QueryBuilder,
          yield* Layer.build(Checked)
        )
        const query = Query.from(building_features, {
          select: ["feature_value"],
          where: { building_id: 71, granularity: "P1W" },
          allowOpen: ["feature_name", "group_id"]
        })
        assert.deepStrictEqual(
          (yield* builder.build(query)).variables,
          (yield* QueryBuilder.build(query)).variables
        )
        const both = yield* builder.buildAll("both", { one: query, other: query })
        assert.strictEqual(both.name, "both")
        assert.deepStrictEqual(yield* operations, ["IntrospectionQuery"])
      })
    )

    const zones = Table.make("zones", { floor: of(Scalar.Int) })
    const wrong = Table.make("building_metrics", {
      building_id: of(Scalar.bigint),
      metric_nam: of(Scalar.String),
      granularity: of(
        Scalar.make<string, { readonly _soundx?: string; readonly _lik?: string }>({
          ...Scalar.String,
          operators: {
            _soundx: { type: "String", isList: false, encode: () => Either.right("x") },
            _lik: { type: "String", isList: false, encode: () => Either.right("x") }
          }
        })
      ),
      zone: Relationship.one(() => zones)
    })

    const refused: ReadonlyArray<{
      readonly what: string
      readonly query: Query.Query<unknown, unknown, unknown>
      readonly error: Pick<
        MetricsError & { readonly _tag: "QueryError" },
        "reason" | "table" | "column" | "problem" | "hint"
      >
    }> = [
      {
        what: "a selected column that the server does not have, with the nearest name",
        query: Query.from(wrong, { select: ["metric_nam"] }),
        error: {
          reason: "UnknownColumn",
          table: "building_metrics",
          column: "metric_nam",
          problem: 'building_metrics has no column "metric_nam" in the server\'s schema',
          hint: 'Use "metric_name" or "metric_value"'
        }
      },
      {
        what: "a column in a filter, however deep",
        query: Query.from(wrong, {
          select: ["building_id"],
          where: { _or: [{ _not: { metric_nam: "x" } }] }
        }),
        error: {
          reason: "UnknownColumn",
          table: "building_metrics",
          column: "metric_nam",
          problem: 'building_metrics has no column "metric_nam" in the server\'s schema',
          hint: 'Use "metric_name" or "metric_value"'
        }
      },
      {
        what: "an operator",
        query: Query.from(wrong, {
          select: ["building_id"],
          where: { granularity: { _lik: "x" } }
        }),
        error: {
          reason: "UnknownOperator",
          table: "building_metrics",
          column: "granularity",
          problem: 'building_metrics.granularity has no operator "_lik" in the server\'s schema',
          hint: 'Use "_like", "_ilike", "_in", "_lt", or "_lte"'
        }
      },
      {
        what: "a value of a type that the server does not have",
        query: Query.from(wrong, { select: ["building_id"], where: { building_id: 71 } }),
        error: {
          reason: "InvalidValue",
          table: "building_metrics",
          column: "building_id",
          problem:
            'The server\'s schema does not allow building_metrics.building_id._eq: Unknown type "bigint"',
          hint: "Regenerate the catalogue from the server's schema, with Catalog.fromIntrospection or Catalog.toTypeScript"
        }
      },
      {
        what: "a value of a known type, but not the column's",
        query: Query.from(Table.make("building_metrics", { metric_name: of(Scalar.Int) }), {
          select: ["metric_name"],
          where: { metric_name: { _gt: 5 } }
        }),
        error: {
          reason: "InvalidValue",
          table: "building_metrics",
          column: "metric_name",
          problem:
            'The server\'s schema does not allow building_metrics.metric_name._gt: Variable "$metric_name_gt" of type "Int!" used in position expecting type "String"',
          hint: "Regenerate the catalogue from the server's schema, with Catalog.fromIntrospection or Catalog.toTypeScript"
        }
      },
      {
        what: "a table",
        query: Query.from(Table.make("building_metric", { building_id: of(Scalar.Int) }), {
          select: ["building_id"]
        }),
        error: {
          reason: "UnknownTable",
          table: "building_metric",
          column: undefined,
          problem: 'The server\'s schema has no root field "building_metric"',
          hint: 'Use "building_metrics" or "building_features"'
        }
      }
    ]
    for (const { what, query, error } of refused) {
      it.scoped(`CheckedQueryBuilder rejects ${what} before anything is sent`, () =>
        Effect.gen(function* () {
          const builder = yield* Effect.provide(
            QueryBuilder.QueryBuilder,
            yield* Layer.build(Checked)
          )
          yield* fresh
          const { reason, table, column, problem, hint } = yield* Effect.flip(builder.build(query))
          assert.deepStrictEqual({ reason, table, column, problem, hint }, error)
          assert.deepStrictEqual(yield* operations, [])
        })
      )
    }

    it.scoped("CheckedQueryBuilder rejects each wrong query of several", () =>
      Effect.gen(function* () {
        const builder = yield* Effect.provide(
          QueryBuilder.QueryBuilder,
          yield* Layer.build(Checked)
        )
        const error = yield* Effect.flip(
          builder.buildAll("both", {
            right: Query.from(building_metrics, {
              select: ["building_id"],
              allowOpen: ["metric_name", "granularity", "group_id"]
            }),
            wrong: Query.from(wrong, { select: ["metric_nam"] })
          })
        )
        assert.strictEqual(error.column, "metric_nam")
      })
    )

    it.scoped("the layer of CheckedQueryBuilder fails if the response is not a schema", () =>
      Effect.gen(function* () {
        for (const answer of [undefined, {}, { data: null }, { __schema: { types: [] } }]) {
          const error = yield* Effect.flip(
            Effect.scoped(Layer.build(CheckedQueryBuilder.layer(Effect.succeed(answer))))
          )
          assert.strictEqual(error.reason, "NotIntrospection")
        }
      })
    )
  })
})
