/** A6: how values are returned, cell by cell and row by row. */
import { assert, type Vitest } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Table from "@innerspace-metrics/core/Table"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import { fresh } from "../../support/sandboxClient.js"
import { Clients } from "../clients.js"
import { features, hours, metricHours, zones } from "../tables.js"
import { badPaths, cells, paths } from "./cells.js"

export const values = (it: Vitest.MethodsNonLive<Clients | Sandbox.Sandbox>): void => {
  for (const { decoded, json, rule, scalar } of cells) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const { v2 } = (yield* Clients).plain
        const table = Table.make("of_type", {
          cell: Column.assumed(scalar, "test"),
          none: Column.nullable(Column.assumed(scalar, "test"))
        })
        const body = `{"data":{"of_type":[{"cell":${json},"none":null}]}}`
        yield* sandbox.control.inject(Fault.answer({ body }))
        const answer = v2.query(Query.from(table, { select: ["cell", "none"] }))
        if ("value" in decoded) {
          return assert.deepStrictEqual(yield* answer, [{ cell: decoded.value, none: null }])
        }
        const error = yield* Effect.flip(answer)
        assert(error._tag === "DecodeError")
        assert.deepInclude(error, {
          reason: "WrongValue",
          table: "of_type",
          row: 0,
          column: "cell",
          expected: decoded.expected
        })
      })
    )
  }

  it.effect("A6 a row is the same, whether wide numbers arrive as numbers or as text", () =>
    Effect.gen(function* () {
      const { plain, stringified } = yield* Clients
      assert.deepStrictEqual(yield* stringified.v2.query(zones), yield* plain.v2.query(zones))
      assert.deepStrictEqual(yield* stringified.v2.query(hours), yield* plain.v2.query(hours))
      for (const query of [metricHours, features]) {
        assert.deepStrictEqual<unknown>(
          yield* stringified.v1.query<unknown>(query),
          yield* plain.v1.query<unknown>(query)
        )
      }
    })
  )

  it.effect("A6 bigint and float8 arrive as text, but Int, Float and numbers in jsonb do not", () =>
    Effect.gen(function* () {
      const { stringified } = yield* Clients
      const [hour] = yield* stringified.v2.query(Query.raw(hours))
      const [metric] = yield* stringified.v1.query(Query.raw(metricHours))
      const [feature] = yield* stringified.v1.query(Query.raw(features))
      assert.deepInclude(hour, { ZONE_ID: 73101, PEOPLE_COUNT: "0", OCCUPANCY_MEAN: 0 })
      assert.deepInclude(metric, { metric_name: "occupancy_mean", metric_value: "0" })
      assert.isNumber(Object(feature?.feature_value)["1"])
    })
  )

  for (const { leadsTo, path } of paths) {
    it.effect(`A6 the path ${JSON.stringify(path)} into jsonb leads to ${leadsTo}`, () =>
      Effect.gen(function* () {
        const { v1 } = (yield* Clients).plain
        const rows = yield* v1.query(
          Query.from(features.table, {
            select: ["feature_value", { column: "feature_value", as: "part", path }],
            orderBy: { date_time_start: "asc" },
            limit: 2
          })
        )
        assert.strictEqual(rows.length, 2)
        for (const { feature_value, part } of rows) {
          const expected = {
            "1": Object(feature_value)["1"],
            whole: feature_value,
            nothing: null
          }[leadsTo]
          assert.isDefined(expected)
          assert.deepStrictEqual(part, expected)
        }
      })
    )
  }

  it.effect("A6 two paths into one column are two values", () =>
    Effect.gen(function* () {
      const { v1 } = (yield* Clients).plain
      const [row] = yield* v1.query(
        Query.from(features.table, {
          select: [
            { column: "feature_value", as: "monday", path: "$['1']" },
            { column: "feature_value", as: "none", path: "$['0']" }
          ],
          limit: 1
        })
      )
      assert.isNumber(row?.monday)
      assert.isNull(row?.none)
    })
  )

  for (const path of badPaths) {
    it.effect(`A6 ${path} is not a path, and is refused by the server`, () =>
      Effect.gen(function* () {
        const { v1 } = (yield* Clients).plain
        const error = yield* Effect.flip(
          v1.query(
            Query.from(features.table, {
              select: [{ column: "feature_value", as: "part", path }],
              limit: 1
            })
          )
        )
        assert(error._tag === "GraphQLError")
        assert.strictEqual(error.reason, "Invalid")
        assert.include(error.problem, "json path")
      })
    )
  }
}
