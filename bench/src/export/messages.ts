/** The messages between the processes of the measurement. */
import * as Schema from "effect/Schema"
import { Task } from "../stream/messages.js"

const Way = Schema.Literal("parquet", "csv", "ndjson", "dataset", "row objects")
export type Way = typeof Way.Type

/** The task of a process: one export. */
export const ExportTask = Schema.Struct({ ...Task.fields, way: Way })
export type ExportTask = typeof ExportTask.Type

/** The results of one export. */
export const ExportResult = Schema.Struct({
  rows: Schema.Int,
  seconds: Schema.Number,
  cpuSeconds: Schema.Number,
  /** The largest resident memory of the process, in bytes. */
  peakResident: Schema.Number,
  /** The size of the file, or of all files of the dataset, in bytes. */
  bytes: Schema.Number
})
export type ExportResult = typeof ExportResult.Type
