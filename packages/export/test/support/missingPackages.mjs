// Writes with each format that needs another package, and prints the errors as JSON.

import { Column, Query, Scalar, Table, TimeRange } from "@innerspace-metrics/core"
import { layerTest, recorded } from "@innerspace-metrics/core/testing"
import { Arrow, Dataset, DuckDb, Export } from "@innerspace-metrics/export"
import * as Effect from "effect/Effect"

const values = Table.make("values", { at: Column.key(Column.assumed(Scalar.timestamptz, "test")) })
const march = Query.from(values, {
  select: ["at"],
  where: { at: TimeRange.month("2024-03", "UTC") }
})
const database = Dataset.make({
  database: "missing.duckdb",
  tables: [values],
  from: "2024-03-01",
  zone: "UTC"
})

const errors = await Effect.runPromise(
  Effect.forEach(
    [
      Export.toFile(march, Arrow.file("missing.arrows")),
      Export.toFile(march, DuckDb.table("missing.duckdb", "march")),
      Dataset.sync(database)
    ],
    (program) => Effect.flip(program)
  ).pipe(Effect.provide(layerTest([recorded(values, [])])))
)
console.log(JSON.stringify(errors.map(({ _tag, message, reason }) => ({ _tag, message, reason }))))
