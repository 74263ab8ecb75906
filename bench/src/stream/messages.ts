/** What the processes of the measurement tell each other. */
import * as Schema from "effect/Schema"

/** One pull, as the process that does it is told. */
export const Task = Schema.Struct({
  /** Where the sandbox is. */
  address: Schema.Struct({
    url: Schema.String,
    clientId: Schema.String,
    clientSecret: Schema.String
  }),
  days: Schema.Int,
  isRaw: Schema.Boolean,
  settings: Schema.Struct({
    window: Schema.optionalWith(Schema.DurationFromMillis, { exact: true }),
    pageSize: Schema.optionalWith(Schema.Int, { exact: true }),
    concurrency: Schema.optionalWith(Schema.Int, { exact: true })
  })
})
export type Task = typeof Task.Type

/** Memory at a point of the pull, in bytes. */
export const Sample = Schema.Struct({
  /** Of the process, before the collection. */
  resident: Schema.Number,
  /** Of JavaScript, after a full collection. */
  heap: Schema.Number
})
export type Sample = typeof Sample.Type

/** One pull, as it went. */
export const Result = Schema.Struct({
  rows: Schema.Int,
  seconds: Schema.Number,
  cpuSeconds: Schema.Number,
  /** The most that the process held at any time, in bytes. */
  peakResident: Schema.Number,
  /** One at each tenth. */
  samples: Schema.Array(Sample)
})
export type Result = typeof Result.Type

/** Of interrupted pulls: the heap after each one and a full collection, in bytes. */
export const Interruptions = Schema.Array(Schema.Number)
