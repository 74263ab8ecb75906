/** The messages between the processes of the measurement. */
import * as Schema from "effect/Schema"

/** One stream, as its process gets the task. */
export const Task = Schema.Struct({
  /** Where the sandbox is. */
  address: Schema.Struct({
    url: Schema.String,
    clientId: Schema.String,
    clientSecret: Schema.String
  }),
  days: Schema.Int,
  /** What the stream gives. */
  reads: Schema.Literal("rows", "raw rows", "columns"),
  settings: Schema.Struct({
    window: Schema.optionalWith(Schema.DurationFromMillis, { exact: true }),
    pageSize: Schema.optionalWith(Schema.Int, { exact: true }),
    concurrency: Schema.optionalWith(Schema.Int, { exact: true })
  })
})
export type Task = typeof Task.Type

/** Memory at a point of the stream, in bytes. */
export const Sample = Schema.Struct({
  /** Of the process, before the collection. */
  resident: Schema.Number,
  /** Of JavaScript, after a full collection. */
  heap: Schema.Number
})
export type Sample = typeof Sample.Type

/** The results of one stream. */
export const Result = Schema.Struct({
  rows: Schema.Int,
  seconds: Schema.Number,
  cpuSeconds: Schema.Number,
  /** The largest resident memory of the process, in bytes. */
  peakResident: Schema.Number,
  /** One at each tenth. */
  samples: Schema.Array(Sample)
})
export type Result = typeof Result.Type

/** Of interrupted streams: the heap after each one and a full collection, in bytes. */
export const Interruptions = Schema.Array(Schema.Number)
