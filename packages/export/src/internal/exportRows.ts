/** Runs an export, from any source of rows. */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import type * as Export from "../Export.js"
import { ExportError } from "../ExportError.js"
import { columnsOf } from "./columns/column.js"
import { batches, type StreamColumns } from "./source.js"
import { TargetTypeId } from "./typeIds.js"

export const exportRows = (
  stream: StreamColumns,
  query: Query.Query<unknown>,
  target: Export.Target,
  options: Export.Options
): Effect.Effect<Export.Summary, CallError | ExportError> =>
  Effect.gen(function* () {
    // A JavaScript program can pass a value that is not a target.
    if (typeof target !== "object" || target === null || !(TargetTypeId in target)) {
      return yield* new ExportError({
        reason: "InvalidOption",
        problem: "The target of an export is not a file or a table of this package",
        hint: 'Pass Parquet.file("march.parquet") or a file of another format'
      })
    }
    const columns = yield* columnsOf(query)
    const { bytes, rows } = yield* target.write(columns, batches(stream, query, columns, options))
    return { path: target.path, rows, bytes }
  })
