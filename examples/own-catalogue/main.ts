/**
 * Generates a catalogue from the live schema, as a TypeScript module that you can commit. The
 * program also prints the differences from the shipped catalogue, and queries a table whose name is
 * known only at run time.
 */
import { writeFile } from "node:fs/promises"
import { Catalog, MetricsClient, Query } from "@innerspace-metrics/core"
import * as v1 from "@innerspace-metrics/core/v1"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Effect from "effect/Effect"

const [file = "catalogue.ts", tableName = "zone_occupancy"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  const live = yield* Catalog.fromIntrospection("live", yield* metrics.schema)

  const changes = Catalog.diff(v1.catalog, live)
  console.log(
    changes.length === 0 ? "no differences" : changes.map(Catalog.formatChange).join("\n")
  )

  const source = yield* Catalog.toTypeScript(live)
  yield* Effect.promise(() => writeFile(file, source))
  console.log(`${live.tables.size} tables are in ${file}`)

  const table = yield* Catalog.table(live, tableName)
  const [column = ""] = table.byName.keys()
  const rows = yield* metrics.query(
    Query.from(table, { select: [column], limit: 3, allowOpen: table.dimensions })
  )
  console.log(`${tableName}.${column}: ${rows.map((row) => String(row[column])).join(", ")}`)
})

await program.pipe(Effect.provide(NodeMetrics.layerConfig()), Effect.runPromise)
