/** The messages between the processes of the measurement. */
import * as Schema from "effect/Schema"

/** The task of a process: one stream. */
export const Task = Schema.Struct({
  /** The URL and the credentials of the sandbox. */
  address: Schema.Struct({
    url: Schema.String,
    clientId: Schema.String,
    clientSecret: Schema.String
  }),
  days: Schema.Int,
  /** What the stream returns. */
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
  /** The resident memory of the process, before the garbage collection. */
  resident: Schema.Number,
  /** The heap of JavaScript, after a full garbage collection. */
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
  /** One sample after each tenth of the rows. */
  samples: Schema.Array(Sample)
})
export type Result = typeof Result.Type

/**
 * The results of interrupted streams: the heap in bytes, after each stream and a full garbage
 * collection.
 */
export const Interruptions = Schema.Array(Schema.Number)
