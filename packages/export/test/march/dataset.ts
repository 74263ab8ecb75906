/**
 * Tests of a dataset that is synced several times: what the folder contains, and what the reports
 * say.
 */
import { join } from "node:path"
import { assert, describe } from "@effect/vitest"
import { Dataset } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { folder, type It } from "../support/client.js"
import { files, hours, inApi, inFolder, options, setTime } from "../support/dataset.js"
import { parquetRows, sql } from "../support/readers.js"

const reset = Effect.flatMap(Sandbox.Sandbox, ({ control }) => control.reset)

/** The tests of `npm test`. */
export const dataset = (it: It): void => {
  describe("a dataset", () => {
    it.scoped("a dataset has the rows of the API, in Hive paths that match the files", () =>
      Effect.gen(function* () {
        yield* reset
        yield* setTime("2024-03-05T12:00:00Z")
        const home = yield* folder
        const steps: Array<Dataset.Progress> = []
        const dataset = Dataset.make(options(home, { from: "2024-02-27" }))
        const report = yield* Dataset.sync(dataset, {
          onProgress: (progress) => Effect.sync(() => void steps.push(progress))
        })

        const rows = yield* inFolder(home)
        assert.deepStrictEqual(rows, yield* inApi("2024-02-27", "2024-03-06"))
        assert.strictEqual(report.added, rows.length)
        assert.deepStrictEqual(
          steps.map(({ done, total }) => [done, total]),
          [1, 2, 3, 4].map((done) => [done, 4])
        )
        assert.strictEqual(steps.at(-1)?.rows, rows.length)
        assert.deepStrictEqual(
          report.parts.map(({ part, reason }) => [part, reason]),
          [
            "building_metrics/building_id=71/granularity=PT1H/metric_name=occupancy_mean/month=2024-02/part.parquet",
            "building_metrics/building_id=71/granularity=PT1H/metric_name=occupancy_mean/month=2024-03/part.parquet",
            "zone_metrics/granularity=PT1H/metric_name=occupancy_mean/month=2024-02/part.parquet",
            "zone_metrics/granularity=PT1H/metric_name=occupancy_mean/month=2024-03/part.parquet"
          ].map((part) => [part, "new"])
        )
        for (const { part, rows } of report.parts) {
          const inFile = yield* Effect.promise(() => parquetRows(join(home, "occupancy", part)))
          assert.strictEqual(inFile.length, rows)
          for (const [, key, value] of part.matchAll(/([a-z_]+)=([^/]+)/g)) {
            assert.isTrue(
              inFile.every((row) => String(row[String(key)]) === value),
              String(key)
            )
          }
        }
        // The folder has no file with restated rows, no lock and no temporary file.
        assert.deepStrictEqual(
          [...(yield* files(home)).keys()].sort(),
          [...report.parts.map(({ part }) => `occupancy/${part}`), "occupancy/manifest.json"].sort()
        )
      })
    )

    it.scoped("a second sync in the same night changes no byte, and reads only the look-back", () =>
      Effect.gen(function* () {
        yield* reset
        yield* setTime("2024-03-15T12:00:00Z")
        const home = yield* folder
        const dataset = hours(home)
        yield* Dataset.sync(dataset)
        const before = yield* files(join(home, "occupancy", "building_metrics"))
        const again = yield* Dataset.sync(dataset)

        assert.deepStrictEqual(yield* files(join(home, "occupancy", "building_metrics")), before)
        assert.deepStrictEqual(
          again.parts.map(({ added, from, read, reason, restated, rows }) => ({
            added,
            from,
            read,
            reason,
            restated,
            rows
          })),
          [
            {
              added: 0,
              // This time is 168 hours before the end of March 14 in Chicago. Clocks changed in
              // these hours, so it is not local midnight.
              from: "2024-03-08T05:00:00.000Z",
              read: 168,
              reason: "look back",
              restated: 0,
              rows: 335
            }
          ]
        )
        const elsewhere = yield* folder
        yield* Dataset.sync(hours(elsewhere))
        assert.deepStrictEqual(
          yield* files(join(elsewhere, "occupancy", "building_metrics")),
          before
        )
      })
    )

    it.scoped(
      "a sync reports each restated value with its previous value, and keeps it in a file",
      () =>
        Effect.gen(function* () {
          const { control } = yield* Sandbox.Sandbox
          yield* reset
          yield* setTime("2024-03-15T12:00:00Z")
          const home = yield* folder
          const dataset = hours(home, { from: "2024-03-08" })
          yield* Dataset.sync(dataset)
          const before = new Map(
            (yield* inFolder(home, ["building"])).map((row) => {
              const [, , , at, value] = JSON.parse(row)
              return [new Date(at).toISOString(), value] as const
            })
          )
          yield* Effect.orDie(control.restate({ date: "2024-03-12" }))
          yield* setTime("2024-03-16T12:00:00Z")
          const report = yield* Dataset.sync(dataset)

          const after = yield* inFolder(home, ["building"])
          const expected = after.flatMap((row) => {
            const [, , , at, value] = JSON.parse(row)
            const time = new Date(at).toISOString()
            const old = before.get(time)
            return old === undefined || old === value ? [] : [[time, old, value]]
          })
          assert.strictEqual(report.added, 24)
          assert.isAbove(expected.length, 5)
          assert.deepStrictEqual(
            report.restated
              .map(({ after, before, column, key }) => {
                assert.strictEqual(column, "metric_value")
                return [key["date_time_start"], before, after]
              })
              .sort(),
            expected.sort()
          )
          assert.isTrue(expected.every(([time]) => /^2024-03-1[23]T/.test(String(time))))
          const kept = yield* Effect.promise(() =>
            sql(
              `SELECT key->>'date_time_start' AS at, before::DOUBLE AS b, after::DOUBLE AS a, change FROM '${home}/occupancy.restated/*.parquet' ORDER BY 1`
            )
          )
          assert.deepStrictEqual(
            kept.map(({ a, at, b }) => [at, b, a]),
            expected as ReadonlyArray<unknown>
          )
          assert.deepStrictEqual(
            after,
            (yield* inApi("2024-03-08", "2024-03-16")).filter((row) => row.includes("building"))
          )
        })
    )
  })
}

/** The tests of `npm run test:all`. */
export const datasetLong = (it: It): void => {
  describe("a dataset", () => {
    it.scoped("a sync reports a sensor that was down, and periods that are not published yet", () =>
      Effect.gen(function* () {
        yield* reset
        yield* setTime("2024-03-15T12:00:00Z")
        const home = yield* folder
        const { notMeasured, notPublished } = yield* Dataset.sync(
          Dataset.make(options(home, { from: "2024-03-01" }))
        )

        assert.deepStrictEqual(
          notMeasured.map(({ from, periods, series, until }) => [series, from, until, periods]),
          [
            [
              {
                zone_id: 71304,
                metric_name: "occupancy_mean",
                granularity: "PT1H",
                group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
              },
              "2024-03-12T05:00:00.000Z",
              "2024-03-14T05:00:00.000Z",
              48
            ]
          ]
        )
        // March 14 was published at 2:00 in Chicago. The time is now 7:00 on March 15, so seven
        // hours are not published yet.
        assert.deepStrictEqual(
          notPublished.map(({ from, periods, table, until }) => [table, from, until, periods]),
          ["building_metrics", "zone_metrics", "zone_metrics"].map((table) => [
            table,
            "2024-03-15T05:00:00.000Z",
            "2024-03-15T12:00:00.000Z",
            7
          ])
        )
      })
    )

    it.scoped(
      "a new metric or an earlier start adds parts to a dataset, and a new group reads everything again",
      () =>
        Effect.gen(function* () {
          yield* reset
          yield* setTime("2024-03-15T12:00:00Z")
          const home = yield* folder
          yield* Dataset.sync(hours(home, { from: "2024-03-01" }))
          const before = yield* files(join(home, "occupancy", "building_metrics"))
          const more = { metrics: ["occupancy_mean", "people_count"] }
          const reasons = (report: Dataset.Report) =>
            report.parts.map(({ from, part, reason }) => [
              /metric_name=(\w+)/.exec(part)?.[1],
              from.slice(0, 10),
              reason
            ])
          const metric = yield* Dataset.sync(hours(home, { from: "2024-03-01", ...more }))
          assert.deepStrictEqual(reasons(metric), [
            ["occupancy_mean", "2024-03-08", "look back"],
            ["people_count", "2024-03-01", "new"]
          ])
          for (const [name, bytes] of before) {
            assert.strictEqual(
              (yield* files(join(home, "occupancy", "building_metrics"))).get(name),
              bytes
            )
          }

          const earlier = yield* Dataset.sync(hours(home, { from: "2024-02-10", ...more }))
          assert.deepStrictEqual(reasons(earlier), [
            ["occupancy_mean", "2024-02-10", "new"],
            ["occupancy_mean", "2024-03-08", "look back"],
            ["people_count", "2024-02-10", "new"],
            ["people_count", "2024-03-08", "look back"]
          ])
          const earliest = yield* Dataset.sync(hours(home, { from: "2024-02-05", ...more }))
          assert.deepStrictEqual(reasons(earliest)[0], [
            "occupancy_mean",
            "2024-02-05",
            "earlier start"
          ])
          const groups = yield* Dataset.sync(
            hours(home, {
              from: "2024-02-05",
              ...more,
              groups: [
                "all-e707b3a8-0732-49ae-9156-13ff1138540e",
                "smart-2f1c7a52-7a0e-4b57-9c55-6f2f0c7d1a01"
              ]
            })
          )
          assert.deepStrictEqual(reasons(groups), [
            ["occupancy_mean", "2024-02-05", "other query"],
            ["occupancy_mean", "2024-03-01", "other query"],
            ["people_count", "2024-02-05", "other query"],
            ["people_count", "2024-03-01", "other query"]
          ])
          assert.strictEqual(groups.counts.restated, 0)
          assert.isAbove(groups.added, 1_000)
        })
    )

    it.scoped("the tasks of a plan give the same dataset as a sync, and can run again", () =>
      Effect.gen(function* () {
        yield* reset
        yield* setTime("2024-03-15T12:00:00Z")
        const [synced, planned] = [yield* folder, yield* folder]
        yield* Dataset.sync(Dataset.make(options(synced)))
        const dataset = Dataset.make(options(planned))
        const tasks: ReadonlyArray<Dataset.Task> = JSON.parse(
          JSON.stringify(yield* Dataset.plan(dataset))
        )
        assert.strictEqual(tasks.length, 4)
        // Each task runs twice, as with a scheduler that lost its worker and starts the task again.
        yield* Effect.forEach(tasks, (task) => Dataset.runTask(dataset, task))
        yield* Effect.forEach(tasks, (task) => Dataset.runTask(dataset, task))

        const parts = yield* files(join(synced, "occupancy", "zone_metrics"))
        assert.deepStrictEqual(yield* files(join(planned, "occupancy", "zone_metrics")), parts)
        assert.deepStrictEqual(yield* inFolder(planned), yield* inFolder(synced))
        const next = yield* Dataset.plan(dataset)
        assert.deepStrictEqual(
          next.map(({ reason }) => reason),
          ["look back", "look back"]
        )
        const wrong = yield* Effect.flip(
          Dataset.runTask(dataset, {
            ...tasks[0],
            part: "../etc/month=2024-03/part.parquet"
          } as never)
        )
        assert.include(wrong.message, "it has no such part")
      })
    )

    it.scoped("a dataset keeps the months of keepMonths", () =>
      Effect.gen(function* () {
        yield* reset
        yield* setTime("2024-03-15T12:00:00Z")
        const home = yield* folder
        yield* Dataset.sync(hours(home))
        const report = yield* Dataset.sync(hours(home, { keepMonths: 1 }))

        assert.deepStrictEqual(
          report.removed.map((part) => /month=([\d-]+)/.exec(part)?.[1]),
          ["2024-02"]
        )
        assert.deepStrictEqual(
          yield* inFolder(home, ["building"]),
          (yield* inApi("2024-03-01", "2024-03-16")).filter((row) => row.includes("building"))
        )
        assert.deepStrictEqual(
          (yield* Dataset.plan(hours(home, { keepMonths: 1 }))).map(({ reason }) => reason),
          ["look back"]
        )
      })
    )

    it.scoped("verify compares a dataset with the API, and refresh reads it again", () =>
      Effect.gen(function* () {
        const { control } = yield* Sandbox.Sandbox
        yield* reset
        yield* setTime("2024-03-15T12:00:00Z")
        const home = yield* folder
        const dataset = hours(home)
        yield* Dataset.sync(dataset)
        const sound = yield* Dataset.verify(dataset, { sample: 9 })
        assert.deepStrictEqual(
          [sound.parts, sound.sampled.length, sound.problems, sound.differences],
          [2, 2, [], []]
        )
        // This date is long before the days that a sync reads again.
        yield* Effect.orDie(control.restate({ date: "2024-02-25" }))
        yield* Dataset.sync(dataset)
        const { differences } = yield* Dataset.verify(dataset, { sample: 9 })
        assert.strictEqual(differences.length, 1)
        const restated = differences[0]?.restated.length ?? 0
        assert.isAbove(restated, 5)

        const report = yield* Dataset.sync(dataset, {
          refresh: { from: "2024-02", until: "2024-02" }
        })
        assert.strictEqual(report.counts.restated, restated)
        const repaired = yield* Dataset.verify(dataset, { sample: 9 })
        assert.deepStrictEqual(repaired.differences, [])
      })
    )
  })
}
