/**
 * Measures one export in its own process: the rows that it writes per CPU second, and the memory
 * that it takes.
 */
import { createWriteStream } from "node:fs"
import { mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import { Csv, Dataset, Export, Ndjson, Parquet } from "@innerspace-metrics/export"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ByteWriter, parquetWriteRows } from "hyparquet-writer"
import { endOf, queryOf, rowsOf } from "../stream/zones.js"
import { type ExportResult, ExportTask, type Way } from "./messages.js"

const targets = {
  parquet: Parquet.file,
  csv: Csv.file,
  ndjson: Ndjson.file
}

/**
 * An export without the export package. The program gives typed rows, as objects, to
 * hyparquet-writer.
 */
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

/**
 * Sets the clock to the last quarter hour of the given days, because a dataset reads rows up to the
 * present.
 */
const atTheEndOf =
  (days: number) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.clockWith((clock) => {
      const behind = endOf(days) - 10 * 60_000 - clock.unsafeCurrentTimeMillis()
      const unsafeCurrentTimeMillis = () => clock.unsafeCurrentTimeMillis() + behind
      return Effect.withClock(
        effect,
        Object.assign(Object.create(clock), {
          unsafeCurrentTimeMillis,
          currentTimeMillis: Effect.sync(unsafeCurrentTimeMillis)
        })
      )
    })

const datasetOf = (folder: string) =>
  Dataset.make({
    folder,
    tables: [ZONE_INSIGHTS],
    buildings: [900],
    granularities: ["PT15M"],
    groups: ["00000000-0000-0000-0000-000000000000"],
    metrics: ["OCCUPANCY_MEAN", "PEOPLE_COUNT"],
    from: "2025-01-01",
    zone: "UTC"
  })

const write = (way: Way, path: string, days: number) =>
  way === "row objects"
    ? rowObjects(path, days)
    : way === "dataset"
      ? Effect.map(Dataset.sync(datasetOf(path)).pipe(atTheEndOf(days)), ({ added }) => added)
      : Effect.map(Export.toFile(queryOf(days), targets[way](path)), ({ rows }) => rows)

/**
 * Syncs a dataset a second time. Users sync every night, and such a sync must not take more memory
 * than the first sync.
 */
const again = (way: Way, path: string, days: number) =>
  way === "dataset"
    ? Effect.asVoid(Dataset.sync(datasetOf(path)).pipe(atTheEndOf(days)))
    : Effect.void

const sizeOf = async (path: string): Promise<number> => {
  const found = await stat(path)
  if (found.isFile()) return found.size
  const names = await readdir(path)
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

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
  const client = yield* Layer.build(
    NodeMetrics.layer({
      clientId: address.clientId,
      clientSecret: Redacted.make(address.clientSecret),
      api: Api.withBaseUrl(Api.v2, address.url)
    })
  )
  const rows = yield* Effect.provide(write(way, path, days), client)
  if (rows !== rowsOf(days)) return yield* Effect.fail(`${rows} rows were written`)
  const { system, user } = process.cpuUsage(cpuBefore)
  const seconds = (performance.now() - startedAt) / 1000
  yield* Effect.provide(again(way, path, days), client)
  return {
    rows,
    seconds,
    cpuSeconds: (system + user) / 1e6,
    peakResident: process.resourceUsage().maxRSS * 1024,
    bytes: yield* Effect.promise(() => sizeOf(path))
  } satisfies ExportResult
})

Effect.runPromise(Effect.scoped(program)).then(
  (result) => process.send?.(result),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  }
)
