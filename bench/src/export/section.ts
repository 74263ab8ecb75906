/** The section about an export of 7 million rows to a file: its speed and its memory. */
import * as Effect from "effect/Effect"
import type { Measured, Row } from "../measurement/results.js"
import type { Section } from "../measurement/section.js"
import { sandbox, withTask } from "../stream/processes.js"
import { ExportResult, ExportTask, type Way } from "./messages.js"

const ways: ReadonlyArray<readonly [way: Way, name: string]> = [
  ["parquet", "Parquet"],
  ["csv", "CSV"],
  ["ndjson", "NDJSON"],
  ["row objects", "stream + hyparquet-writer, row objects"]
]

const reference = "stream + hyparquet-writer, row objects"

const megabyte = 1024 * 1024

/** The number of days in January and February. */
const daysOfTwoParts = 59

const measure = (isQuick: boolean) =>
  Effect.gen(function* () {
    const days = isQuick ? 3 : 365
    const { address } = yield* sandbox
    const perCpu: Array<Row> = []
    const resident: Array<Row> = []
    const sizes: Array<Row> = []
    const remarks: Array<string> = []
    for (const [way, name] of ways) {
      const { bytes, cpuSeconds, peakResident, rows, seconds } = yield* withTask(
        "../export/exportProcess.js",
        ExportTask,
        { address, days, reads: "raw rows", settings: {}, way },
        ExportResult
      )
      perCpu.push({ name, runs: [rows / cpuSeconds] })
      resident.push({ name, runs: [peakResident / megabyte] })
      sizes.push({ name, runs: [bytes / megabyte] })
      remarks.push(
        `${name}: ${rows.toLocaleString("en-US")} rows in ${seconds.toFixed(0)} s and ${cpuSeconds.toFixed(0)} CPU seconds.`
      )
    }
    const sync = yield* withTask(
      "../export/exportProcess.js",
      ExportTask,
      {
        address,
        days: isQuick ? 3 : daysOfTwoParts,
        reads: "raw rows",
        settings: {},
        way: "dataset"
      },
      ExportResult
    )
    remarks.push(
      `Dataset: ${sync.rows.toLocaleString("en-US")} rows in ${sync.seconds.toFixed(0)} s and ${sync.cpuSeconds.toFixed(0)} CPU seconds.`
    )
    // The limit that the README states.
    resident.push({ name: "bound", runs: [350] })
    return {
      tables: [
        {
          ...table("Rows per CPU time", "rows per CPU second", 0, perCpu),
          bars: [{ row: "Parquet", against: reference, atLeast: 1.5 }]
        },
        {
          ...table("Peak memory of the process", "MB", 0, resident),
          bars: [{ row: "Parquet", against: "bound", atMost: 1 }]
        },
        table("Size of the file", "MB", 1, sizes),
        {
          title: "Peak memory of a dataset",
          unit: "MB",
          decimals: 0,
          reference: "bound",
          rows: [
            { name: "two months", runs: [sync.peakResident / megabyte] },
            { name: "bound", runs: [350] }
          ],
          bars: [{ row: "two months", against: "bound", atMost: 1 }]
        }
      ],
      remarks
    } satisfies Measured
  })

const table = (title: string, unit: string, decimals: number, rows: ReadonlyArray<Row>) => ({
  title,
  unit,
  decimals,
  reference,
  rows,
  bars: []
})

export const exports: Section = {
  name: "export",
  title: "Exporting 7 million rows",
  text: `The rows of the section "stream", 7,008,000 rows of four columns, written to a file with core's default settings. "Row objects" is a
program without the package: typed rows of a stream, one after the other, into hyparquet-writer with the same schema. CPU time includes the
client's requests and the reading of the responses. "Two months" are
a dataset of those rows of January and February, with all key columns: its first sync, and one that reads the look-back of a week and compares
it by key. A part is in memory as a whole.`,
  measure: (isQuick) => Effect.runPromise(Effect.scoped(measure(isQuick)))
}
