/** Makes datasets of the sandbox, and reads the rows of the API and of the files. */
import { readdir, readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics, zone_metrics } from "@innerspace-metrics/core/v1"
import { Dataset } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { sql } from "./readers.js"

export const zone = "America/Chicago"
export const everyone = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

/**
 * The options of a dataset with hours of building 71 and of two zones. The sensor of one of these
 * zones was down on March 12 and 13.
 */
export const options = (folder: string, more: Partial<Dataset.Options> = {}): Dataset.Options => ({
  folder: join(folder, "occupancy"),
  tables: [building_metrics, { table: zone_metrics, where: { zone_id: [71301, 71304] } }],
  buildings: [71],
  granularities: ["PT1H"],
  metrics: ["occupancy_mean"],
  groups: [everyone],
  from: "2024-02-20",
  zone,
  ...more
})

export const hours = (folder: string, more: Partial<Dataset.Options> = {}) =>
  Dataset.make(options(folder, { tables: [building_metrics], ...more }))

/** Sets the clock of the sandbox and the clock of the test. */
export const setTime = (time: string) =>
  Effect.flatMap(Sandbox.Sandbox, ({ control }) =>
    Effect.zipRight(control.setTime(time), TestClock.setTime(Date.parse(time)))
  )

type Row = Readonly<Record<string, unknown>>

/** The rows that the API returns, sorted. */
export const inApi = (
  first: TimeRange.LocalDate,
  end: TimeRange.LocalDate,
  metrics: ReadonlyArray<string> = ["occupancy_mean"]
) =>
  Effect.gen(function* () {
    const { stream } = yield* MetricsClient.MetricsClient
    const range = TimeRange.dates(first, end, zone)
    const common = { metric_name: metrics, granularity: "PT1H", group_id: everyone } as const
    const rows = yield* Stream.runCollect(
      Stream.concat(
        stream(
          Query.raw(
            Query.from(building_metrics, {
              select: ["building_id", "metric_name", "date_time_start", "metric_value"],
              where: { building_id: 71, ...common, date_time_start: range }
            })
          )
        ),
        stream(
          Query.raw(
            Query.from(zone_metrics, {
              select: ["zone_id", "metric_name", "date_time_start", "metric_value"],
              where: { zone_id: [71301, 71304], ...common, date_time_start: range }
            })
          )
        )
      )
    )
    return sorted(
      Array.from(rows as Iterable<Row>, (row) => [
        "building_id" in row ? "building" : "zone",
        row["building_id"] ?? row["zone_id"],
        row["metric_name"],
        Date.parse(String(row["date_time_start"])),
        row["metric_value"]
      ])
    )
  })

/** The rows that DuckDB finds in the folder, as documented. */
export const inFolder = (folder: string, tables = ["building", "zone"]) =>
  Effect.promise(async () =>
    sorted(
      (
        await Promise.all(
          tables.map((table) =>
            sql(`SELECT ${table}_id AS id, metric_name, epoch_ms(date_time_start)::DOUBLE AS at, metric_value
              FROM read_parquet('${folder}/occupancy/${table}_metrics/**/*.parquet', hive_partitioning = true,
                hive_types = {${table === "building" ? "building_id: INTEGER, " : ""}granularity: VARCHAR, metric_name: VARCHAR, month: VARCHAR})`).then(
              (rows) =>
                rows.map(({ at, id, metric_name, metric_value }) => [
                  table,
                  id,
                  metric_name,
                  at,
                  metric_value
                ])
            )
          )
        )
      ).flat()
    )
  )

const sorted = (rows: ReadonlyArray<ReadonlyArray<unknown>>): ReadonlyArray<string> =>
  rows.map((row) => JSON.stringify(row)).sort()

/** The files in a folder and in its subfolders, with their contents. */
export const files = (folder: string) =>
  Effect.promise(async () => {
    const names = await readdir(folder, { recursive: true })
    const found: Array<readonly [string, string]> = []
    for (const name of names.sort()) {
      const path = join(folder, name)
      if ((await stat(path)).isFile()) found.push([name, (await readFile(path)).toString("base64")])
    }
    return new Map(found)
  })
