/** Tests how readers read large files, and a path pattern that matches several tables. */
import { open } from "node:fs/promises"
import { join } from "node:path"
import { assert, layer, it as test } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { layerTest, recorded } from "@innerspace-metrics/core/testing"
import { Dataset, Export, Parquet } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { parquetMetadataAsync } from "hyparquet"
import { folder, sandboxAndClient } from "./support/client.js"
import { options, setTime } from "./support/dataset.js"
import { sql } from "./support/readers.js"

const values = Table.make("values", {
  id: Column.key(Column.assumed(Scalar.Int, "test")),
  at: Column.key(Column.assumed(Scalar.timestamptz, "test")),
  value: Column.nullable(Column.assumed(Scalar.float8, "test"))
})

const query = Query.from(values, {
  select: ["id", "value"],
  where: { at: TimeRange.month("2024-03", "UTC") }
})

test.scoped("rows beyond 100,000 are in further row groups, and none is lost between them", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "large.parquet")
    const count = 250_001
    const rows = Array.from({ length: count }, (_, id) => ({
      id,
      at: "2024-03-01T00:00:00+00:00",
      value: id % 7 === 0 ? null : id / 2
    }))
    yield* Export.toFile(query, Parquet.file(path), { pageSize: 9_999 }).pipe(
      Effect.provide(layerTest([recorded(values, rows)]))
    )
    const metadata = yield* Effect.promise(async () => {
      const file = await open(path)
      try {
        const { size } = await file.stat()
        return await parquetMetadataAsync({
          byteLength: size,
          slice: async (start, end = size) => {
            const bytes = new Uint8Array(end - start)
            await file.read(bytes, 0, bytes.length, start)
            return bytes.buffer
          }
        })
      } finally {
        await file.close()
      }
    })
    assert.deepStrictEqual(
      metadata.row_groups.map(({ num_rows }) => Number(num_rows)),
      [100_000, 100_000, 50_001]
    )
    const [found] = yield* Effect.promise(() =>
      sql(`SELECT count(*)::INTEGER AS rows, count(DISTINCT id)::INTEGER AS ids, max(id) AS last, count("value")::INTEGER AS present,
        bool_and("value" = id / 2) AS exact FROM '${path}'`)
    )
    assert.deepStrictEqual(found as unknown, {
      rows: count,
      ids: count,
      last: count - 1,
      present: rows.filter(({ value }) => value !== null).length,
      exact: true
    })
  })
)

layer(sandboxAndClient({ today: "2024-03-15" }))("a pattern", (it) => {
  it.scoped("a file pattern over one table can be read, and one over two tables fails", () =>
    Effect.gen(function* () {
      const { control } = yield* Sandbox.Sandbox
      yield* control.reset
      yield* setTime("2024-03-15T12:00:00Z")
      const home = yield* folder
      const report = yield* Dataset.sync(Dataset.make(options(home, { from: "2024-03-01" })))
      const read = (pattern: string) =>
        Effect.tryPromise(() =>
          sql(
            `SELECT count(*)::INTEGER AS rows FROM read_parquet('${home}/occupancy/${pattern}', hive_partitioning = true)`
          )
        )
      const rowsOf = (table: string) =>
        report.parts.reduce((sum, part) => sum + (part.table === table ? part.rows : 0), 0)
      for (const table of ["building_metrics", "zone_metrics"]) {
        assert.deepStrictEqual((yield* read(`${table}/**/*.parquet`)) as ReadonlyArray<unknown>, [
          { rows: rowsOf(table) }
        ])
      }
      const both = yield* Effect.flip(read("**/*.parquet"))
      assert.match(String(both.error), /Hive partition mismatch/)
    })
  )
})
