/**
 * Reads a table part by part. Each result has the rows of a part, and the state to send after these
 * rows.
 */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { DatasetError } from "../../DatasetError.js"
import type { Batch } from "../columns/batch.js"
import type { Contents, TableDefinition } from "../dataset/definition.js"
import { type PartTask, planTable } from "../dataset/plan.js"
import { readPart } from "../dataset/readPart.js"
import type { StreamColumns } from "../source.js"
import * as State from "./state.js"

export interface SentPart {
  readonly task: PartTask
  /**
   * All rows of the span that was read. They are checked in the same way as the rows of a dataset.
   */
  readonly rows: Batch
  /** The state that is valid after these rows have been sent. */
  readonly state: State.StreamState
}

/** How many parts are requested at a time. Each of these parts is in memory as a whole. */
const concurrency = 4

export const parts = (
  stream: StreamColumns,
  contents: Contents,
  table: TableDefinition,
  before: State.StreamState
): Stream.Stream<SentPart, CallError | DatasetError> =>
  Stream.unwrap(
    Effect.map(Clock.currentTimeMillis, (now) => {
      const definition = { ...contents, isDatabase: false, tables: [table] }
      const manifest = State.manifestOf(definition, table, before, now)
      return Stream.fromIterable(planTable(definition, table, manifest, now, undefined)).pipe(
        Stream.mapEffect(
          (task) =>
            Effect.map(readPart(stream, contents.name, task, {}), (rows) => ({ rows, task })),
          { concurrency }
        ),
        Stream.mapAccum(before, (state, { rows, task }) => {
          const next = State.after(state, task, rows, contents.zone)
          return [next, { rows, task, state: next }]
        })
      )
    })
  )
