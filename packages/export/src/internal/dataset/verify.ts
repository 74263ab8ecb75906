/** Compares a dataset with its manifest, and some of its parts with the API. */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Dataset from "../../Dataset.js"
import { DatasetError } from "../../DatasetError.js"
import type { StreamColumns } from "../source.js"
import { empty, type Manifest, type Part } from "../store/manifest.js"
import type { Store, StoreError } from "../store/store.js"
import * as Calendar from "./calendar.js"
import { type Definition, define } from "./definition.js"
import { type PartTask, pathOf } from "./plan.js"
import { readPart } from "./readPart.js"
import { openStore } from "./run.js"
import { prepareUpdate } from "./update.js"

export const verify = (
  stream: StreamColumns,
  dataset: Dataset.Dataset,
  { sample = 0, ...options }: Dataset.VerifyOptions
): Effect.Effect<Dataset.Verification, CallError | StoreError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const definition = yield* define(dataset.options)
      const store = yield* openStore(definition)
      const manifest = (yield* store.load) ?? empty(definition.zone)
      const checked = yield* Effect.forEach(manifest.parts, (part) =>
        store.check(
          part,
          definition.tables.find(({ name }) => name === part.table)
        )
      )
      const problems = checked.filter((problem) => problem !== undefined)
      const broken = new Set(problems.map(({ path }) => path))
      const sampled = Chunk.toReadonlyArray(
        yield* Random.shuffle(
          manifest.parts.flatMap((part) => {
            const task = taskOf(definition, part)
            return task === undefined || [...broken].some((path) => path?.endsWith(part.path))
              ? []
              : [task]
          })
        )
      ).slice(0, sample)
      const differences = yield* Effect.forEach(sampled, (task) =>
        compareWithApi(
          definition,
          store,
          manifest,
          task,
          readPart(stream, definition.name, task, options)
        )
      )
      const after = (yield* store.load)?.generation ?? 0
      if (after !== manifest.generation && problems.length > 0) {
        return yield* new DatasetError({
          reason: "Conflict",
          problem: `${definition.name} was changed while it was verified`,
          hint: "Verify it again when no sync runs",
          dataset: definition.name
        })
      }
      return {
        generation: manifest.generation,
        parts: manifest.parts.length,
        rows: manifest.parts.reduce((sum, { rows }) => sum + rows, 0),
        problems,
        sampled: sampled.map(({ path }) => path),
        differences: differences.filter((difference) => difference !== undefined)
      }
    })
  )

/** The task of reading a part again: the span of the part that has been read so far. */
const taskOf = (definition: Definition, part: Part): PartTask | undefined => {
  for (const table of definition.tables) {
    for (const series of table.series) {
      if (pathOf(table, series, part.month) !== part.path) continue
      return {
        definition: table,
        series,
        month: Calendar.namedMonth(part.month, definition.zone),
        path: part.path,
        from: Date.parse(part.readFrom),
        until: Date.parse(part.readUntil),
        reason: "look back"
      }
    }
  }
  return undefined
}

const compareWithApi = (
  definition: Definition,
  store: Store,
  manifest: Manifest,
  task: PartTask,
  read: ReturnType<typeof readPart>
): Effect.Effect<Dataset.Difference | undefined, CallError | StoreError> =>
  Effect.gen(function* () {
    const rows = yield* read
    const now = yield* Clock.currentTimeMillis
    const { done } = yield* prepareUpdate(definition, store, manifest, task, rows, now)
    const { added, restated, withdrawn } = done
    return added + restated.length + withdrawn.length === 0
      ? undefined
      : { part: task.path, added, restated, withdrawn }
  })
