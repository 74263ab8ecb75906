/**
 * One export in its own process: how many rows it writes per CPU second, and how much memory it
 * takes.
 */
import { createWriteStream } from "node:fs"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { Csv, Export, Ndjson, Parquet } from "@innerspace-metrics/export"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ByteWriter, parquetWriteRows } from "hyparquet-writer"
import { queryOf, rowsOf } from "../stream/zones.js"
import { type ExportResult, ExportTask, type Way } from "./messages.js"

const targets = {
  parquet: Parquet.file,
  csv: Csv.file,
  ndjson: Ndjson.file
}

/** What a program does without this package: typed rows, as objects, into hyparquet-writer. */
const rowObjects = (path: string, days: number) =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const runtime = yield* Effect.runtime<never>()
    const rows = Stream.toAsyncIterableRuntime(metrics.stream(queryOf(days)), runtime)
    const file = createWriteStream(path)
    const bytes = Object.assign(new ByteWriter(), {
      flush: () =>
        new Promise<void>((resolve, reject) => {
          const ready = bytes.getBytes().slice()
          bytes.index = 0
          file.write(ready, (error) => (error ? reject(error) : resolve()))
        }),
      finish: () => {
        file.end(bytes.getBytes())
        return new Promise<void>((resolve) => file.once("finish", () => resolve()))
      }
    })
    let count = 0
    async function* plain() {
      for await (const row of rows) {
        count++
        yield {
          ZONE_ID: row.ZONE_ID,
          DATE_TIME_START: BigInt(row.DATE_TIME_START.epochMillis) * 1_000n,
          OCCUPANCY_MEAN: row.OCCUPANCY_MEAN,
          PEOPLE_COUNT: row.PEOPLE_COUNT
        }
      }
    }
    yield* Effect.promise(async () => {
      await parquetWriteRows({
        writer: bytes,
        rows: plain(),
        schema: [
          { name: "root", num_children: 4 },
          { name: "ZONE_ID", type: "INT32", repetition_type: "REQUIRED" },
          {
            name: "DATE_TIME_START",
            type: "INT64",
            repetition_type: "REQUIRED",
            logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" }
          },
          { name: "OCCUPANCY_MEAN", type: "DOUBLE", repetition_type: "OPTIONAL" },
          { name: "PEOPLE_COUNT", type: "INT64", repetition_type: "OPTIONAL" }
        ],
        columns: ["ZONE_ID", "DATE_TIME_START", "OCCUPANCY_MEAN", "PEOPLE_COUNT"].map((name) => ({
          name
        })),
        rowGroupSize: 100_000
      })
    })
    return count
  })

const write = (way: Way, path: string, days: number) =>
  way === "row objects"
    ? rowObjects(path, days)
    : Effect.map(Export.toFile(queryOf(days), targets[way](path)), ({ rows }) => rows)

const program = Effect.gen(function* () {
  const { address, days, way } = yield* Schema.decodeUnknown(Schema.parseJson(ExportTask))(
    process.argv[2]
  )
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "bench-export-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true }))
  )
  const path = join(folder, "rows")
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const rows = yield* write(way, path, days).pipe(
    Effect.provide(
      NodeMetrics.layer({
        clientId: address.clientId,
        clientSecret: Redacted.make(address.clientSecret),
        api: Api.withBaseUrl(Api.v2, address.url)
      })
    )
  )
  if (rows !== rowsOf(days)) return yield* Effect.fail(`${rows} rows were written`)
  const { system, user } = process.cpuUsage(cpuBefore)
  return {
    rows,
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (system + user) / 1e6,
    peakResident: process.resourceUsage().maxRSS * 1024,
    bytes: (yield* Effect.promise(() => stat(path))).size
  } satisfies ExportResult
})

Effect.runPromise(Effect.scoped(program)).then(
  (result) => process.send?.(result),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  }
)
