/** Tests of a dataset in a DuckDB database. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe } from "@effect/vitest"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import { Dataset } from "@innerspace-metrics/export"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { client, folder, type It } from "../support/client.js"
import { inApi, options, setTime } from "../support/dataset.js"
import { sql } from "../support/readers.js"

const inDatabase = (home: string, more: Partial<Dataset.Options> = {}) => {
  const { folder: _, ...rest } = options(home, more)
  return Dataset.make({ ...rest, database: join(home, "occupancy.duckdb") })
}

const rowsIn = (home: string) =>
  Effect.promise(async () =>
    (
      await Promise.all(
        ["building", "zone"].map(async (table) =>
          (
            await sql(
              `SELECT ${table}_id AS id, metric_name, epoch_ms(date_time_start)::DOUBLE AS at, metric_value FROM ${table}_metrics`,
              join(home, "occupancy.duckdb")
            ).catch(() => [])
          ).map(({ at, id, metric_name, metric_value }) =>
            JSON.stringify([table, id, metric_name, at, metric_value])
          )
        )
      )
    )
      .flat()
      .sort()
  )

const query = (home: string, text: string) =>
  Effect.promise(() => sql(text, join(home, "occupancy.duckdb"))) as Effect.Effect<
    ReadonlyArray<unknown>
  >

const night = (at: string) =>
  Effect.zipRight(
    Effect.flatMap(Sandbox.Sandbox, ({ control }) => control.reset),
    setTime(at)
  )

/** The tests of `npm test`. */
export const duckDbDataset = (it: It): void => {
  describe("a dataset in DuckDB", () => {
    it.scoped(
      "a dataset in DuckDB has the rows of the API after a restated night, and reports the changes",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* night("2024-03-15T12:00:00Z")
          const home = yield* folder
          const dataset = inDatabase(home, { from: "2024-03-11" })
          yield* Dataset.sync(dataset)
          const before = yield* rowsIn(home)
          assert.deepStrictEqual(before, yield* inApi("2024-03-11", "2024-03-16"))

          yield* Effect.orDie(control.restate({ date: "2024-03-14" }))
          yield* setTime("2024-03-16T12:00:00Z")
          const report = yield* Dataset.sync(dataset)
          const after = yield* inApi("2024-03-11", "2024-03-17")
          assert.deepStrictEqual(yield* rowsIn(home), after)
          assert.strictEqual(report.added, after.length - before.length)
          assert.strictEqual(
            report.counts.restated,
            before.filter((row) => !after.includes(row)).length
          )
          assert.isAbove(report.counts.restated, 5)
          assert.deepStrictEqual(
            yield* query(home, "SELECT count(*)::INTEGER AS n FROM innerspace.restated"),
            [{ n: report.counts.restated }]
          )
          assert.deepStrictEqual((yield* Dataset.verify(dataset, { sample: 9 })).differences, [])
          assert.deepStrictEqual((yield* Effect.promise(() => readdir(home))).sort(), [
            "occupancy.duckdb"
          ])
        })
    )
  })
}

/** The tests of `npm run test:all`. */
export const duckDbDatasetLong = (it: It): void => {
  describe("a dataset in DuckDB", () => {
    it.scoped(
      "a dataset in DuckDB stays unchanged if a part cannot be read, and verify finds edited rows",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* night("2024-03-15T12:00:00Z")
          const home = yield* folder
          const dataset = inDatabase(home, { from: "2024-03-01" })
          yield* Dataset.sync(dataset)
          const before = yield* rowsIn(home)
          yield* setTime("2024-03-16T12:00:00Z")
          yield* control.inject(Fault.columnGone({ table: "zone_metrics", column: "metric_value" }))
          const error = yield* Effect.flip(Dataset.sync(dataset))
          assert.strictEqual(error._tag, "SyncIncomplete")
          const zones = (rows: ReadonlyArray<string>) => rows.filter((row) => row.includes("zone"))
          assert.deepStrictEqual(zones(yield* rowsIn(home)), zones(before))
          yield* control.clearFaults

          yield* query(home, "UPDATE zone_metrics SET metric_value = 7 WHERE zone_id = 71301")
          const { problems } = yield* Dataset.verify(dataset)
          assert.deepStrictEqual(
            problems.map(({ reason, table }) => [reason, table]),
            [["AlteredPart", "zone_metrics"]]
          )
          const refused = yield* Effect.flip(Dataset.sync(dataset))
          assert.strictEqual(refused._tag === "DatasetError" && refused.reason, "AlteredPart")
          yield* Dataset.sync(dataset, { refresh: { from: "2024-03", until: "2024-03" } })
          assert.deepStrictEqual(yield* rowsIn(home), yield* inApi("2024-03-01", "2024-03-17"))
        })
    )

    it.scoped(
      "a dataset in DuckDB rewrites a table for a new column, keeps some months, and rejects other tables",
      () =>
        Effect.gen(function* () {
          yield* night("2024-03-15T12:00:00Z")
          const home = yield* folder
          const wide = (metrics: ReadonlyArray<string>, more: Partial<Dataset.Options> = {}) =>
            inDatabase(home, {
              tables: [BUILDING_INSIGHTS],
              metrics,
              groups: ["00000000-0000-0000-0000-000000000000"],
              ...more
            })
          const v2 = client("v2")
          yield* Effect.provide(Dataset.sync(wide(["OCCUPANCY_MEAN"])), v2)
          const both = ["OCCUPANCY_MEAN", "PEOPLE_COUNT"]
          const report = yield* Effect.provide(Dataset.sync(wide(both)), v2)
          assert.deepStrictEqual([report.added, report.counts.restated], [0, 0])
          assert.deepStrictEqual(
            yield* query(
              home,
              "SELECT count(*) = count(PEOPLE_COUNT) AS complete, count(*) > 2000 AS many, typeof(any_value(PEOPLE_COUNT)) AS type FROM BUILDING_INSIGHTS"
            ),
            [{ complete: true, many: true, type: "BIGINT" }]
          )
          const shorter = yield* Effect.provide(Dataset.sync(wide(both, { keepMonths: 1 })), v2)
          assert.strictEqual(shorter.removed.length, 1)
          assert.deepStrictEqual(
            yield* query(
              home,
              "SELECT min(DATE_TIME_START)::VARCHAR AS first FROM BUILDING_INSIGHTS"
            ),
            [{ first: "2024-03-01 06:00:00+00" }]
          )
          const other = yield* folder
          yield* query(other, "CREATE TABLE building_metrics AS SELECT 1 AS x")
          const error = yield* Effect.flip(Dataset.sync(inDatabase(other)))
          assert.strictEqual(error._tag === "ExportError" && error.reason, "DuckDb")
          assert.include(error.message, "already exists")
        })
    )
  })
}
