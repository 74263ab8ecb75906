/** Tests that an export writes the whole file or no file, whatever goes wrong. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, layer } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { Arrow, Csv, DuckDb, Export, Ndjson, Parquet } from "@innerspace-metrics/export"
import { toFile } from "@innerspace-metrics/export/promise"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { folder, promiseClient, sandboxAndClient } from "./support/client.js"
import { failing } from "./support/fileSystem.js"
import { sql } from "./support/readers.js"

/** 743 hours, in five windows. */
const march = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "PT1H",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.month("2024-03", "America/Chicago")
  }
})

const formats = {
  csv: Csv.file,
  ndjson: Ndjson.file,
  arrows: (path: string) => Arrow.file(path),
  parquet: Parquet.file
}

layer(sandboxAndClient(), { excludeTestServices: true })("a file", (it) => {
  it.scoped("an exported file is complete, and progress counts its rows", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "march.csv")
      const seen: Array<number> = []
      const summary = yield* Export.toFile(march, Csv.file(path), {
        concurrency: 1,
        onProgress: ({ rows }) => Effect.sync(() => void seen.push(rows))
      })
      const bytes = yield* Effect.promise(() => readFile(path))
      assert.deepStrictEqual(summary, { path, rows: 743, bytes: bytes.length })
      assert.strictEqual(bytes.toString().split("\r\n").length, 745)
      assert.strictEqual(seen.at(-1), 743)
      assert.isAbove(seen.length, 4)
    })
  )

  for (const [extension, file] of Object.entries(formats)) {
    it.scoped(`an existing ${extension} file stays unchanged if a later page fails`, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const home = yield* folder
        const path = join(home, `march.${extension}`)
        yield* Effect.promise(() => writeFile(path, "the night before"))
        yield* sandbox.control.reset
        yield* sandbox.control.inject(
          Fault.graphqlError({ code: "data-exception", times: "always", ordinals: [4] })
        )
        const error = yield* Effect.flip(Export.toFile(march, file(path), { concurrency: 1 }))

        assert.strictEqual(error._tag, "GraphQLError")
        assert.strictEqual(yield* Effect.promise(() => readFile(path, "utf8")), "the night before")
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), [`march.${extension}`])
        yield* sandbox.control.reset
      })
    )
  }

  it.scoped("an interrupted export leaves no file", () =>
    Effect.gen(function* () {
      const home = yield* folder
      const begun = yield* Deferred.make<void>()
      const fiber = yield* Effect.fork(
        Export.toFile(march, Parquet.file(join(home, "march.parquet")), {
          onProgress: () => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)
        })
      )
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)

      assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), [])
    })
  )

  it.scoped("an existing DuckDB table stays unchanged if a later page fails", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const path = join(yield* folder, "march.duckdb")
      yield* Export.toFile(march, DuckDb.table(path, "march"))
      yield* sandbox.control.reset
      yield* sandbox.control.inject(Fault.graphqlError({ code: "data-exception", ordinals: [4] }))
      const error = yield* Effect.flip(
        Export.toFile(march, DuckDb.table(path, "march"), { concurrency: 1 })
      )

      assert.strictEqual(error._tag, "GraphQLError")
      const [found] = yield* Effect.promise(() =>
        sql("SELECT count(*)::INTEGER AS rows FROM march", path)
      )
      assert.strictEqual(found?.["rows"], 743)
      yield* sandbox.control.reset
    })
  )

  for (const code of ["ENOSPC", "EIO"]) {
    for (const step of ["writeFile", "sync"] as const) {
      it.scoped(`a disk that fails with ${code} in ${step} is a typed error`, () =>
        Effect.gen(function* () {
          const home = yield* folder
          const path = join(home, "march.csv")
          const error = yield* Effect.flip(
            Export.toFile(march, Csv.file(path)).pipe(failing(step, code))
          )

          assert.strictEqual(error._tag, "ExportError")
          assert.strictEqual(error.reason, "FileSystem")
          assert.include(error.message, `${path}: ${code}. `)
          assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), [])
        })
      )
    }
  }

  it.scoped("a file in a missing folder, or at the path of a folder, is a typed error", () =>
    Effect.gen(function* () {
      const home = yield* folder
      const missing = yield* Effect.flip(
        Export.toFile(march, Csv.file(join(home, "missing", "march.csv")))
      )
      assert.strictEqual(missing._tag === "ExportError" && missing.code, "ENOENT")
      yield* Effect.promise(() => mkdir(join(home, "march.csv", "inner"), { recursive: true }))
      const isFolder = yield* Effect.flip(Export.toFile(march, Csv.file(join(home, "march.csv"))))
      assert.strictEqual(isFolder._tag === "ExportError" && isFolder.code, "EISDIR")
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), ["march.csv"])
    })
  )

  it.scoped("a wrong option or selection of an export is a typed error that names it", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "march")
      const wrong = [
        Csv.file(path, { compression: "zip" as never }),
        Parquet.file(path, { compresion: "gzip" } as never),
        Csv.file(path, { localTime: "CST6" }),
        Csv.file("")
      ]
      const errors = yield* Effect.forEach(wrong, (target) =>
        Effect.flip(Export.toFile(march, target))
      )
      assert.deepStrictEqual(
        errors.map(({ message }) => message),
        [
          `The option compression of ${path} is "zip". Pass one of "gzip", "none".`,
          `${path} has an option "compresion", which does not exist. The options are compression.`,
          'localTime is "CST6", which is not a time zone. Pass the IANA name of the building\'s zone, such as America/Chicago.',
          'The path of the file is "". Pass the path of a file.'
        ]
      )
      const notATarget = yield* Effect.flip(Export.toFile(march, { path } as never))
      assert.strictEqual(notATarget._tag === "ExportError" && notATarget.reason, "InvalidOption")
      const grown = { ...march, select: ["metric_valu"] }
      const unknown = yield* Effect.flip(Export.toFile(grown, Csv.file(path)))
      assert.include(unknown.message, '"metric_valu" in the selection of building_metrics')
    })
  )

  it.scoped("an export with promises writes the same bytes as an Effect program", () =>
    Effect.gen(function* () {
      const home = yield* folder
      const metrics = yield* promiseClient
      const seen: Array<number> = []
      yield* Export.toFile(march, Parquet.file(join(home, "effect.parquet")))
      const summary = yield* Effect.promise(() =>
        toFile(metrics, march, Parquet.file(join(home, "promise.parquet")), {
          onProgress: ({ rows }) => void seen.push(rows)
        })
      )

      assert.strictEqual(summary.rows, 743)
      assert.strictEqual(seen.at(-1), 743)
      assert.deepStrictEqual(
        yield* Effect.promise(() => readFile(join(home, "promise.parquet"))),
        yield* Effect.promise(() => readFile(join(home, "effect.parquet")))
      )
    })
  )

  it.scoped(
    "an export with promises rejects with the signal's reason, the error of onProgress, or a typed error",
    () =>
      Effect.gen(function* () {
        const home = yield* folder
        const metrics = yield* promiseClient
        const path = join(home, "march.csv")
        const rejection = (promise: Promise<unknown>) =>
          Effect.flip(Effect.tryPromise(() => promise))
        const controller = new AbortController()
        const aborted = yield* rejection(
          toFile(metrics, march, Csv.file(path), {
            signal: controller.signal,
            onProgress: () => controller.abort(new Error("enough"))
          })
        )
        assert.strictEqual(String(aborted.error), "Error: enough")
        const thrown = yield* rejection(
          toFile(metrics, march, Csv.file(path), {
            onProgress: () => Promise.reject(new Error("full"))
          })
        )
        assert.strictEqual(String(thrown.error), "Error: full")
        const missing = yield* rejection(
          toFile(metrics, march, Csv.file(join(home, "missing", "march.csv")))
        )
        assert.propertyVal(missing.error, "_tag", "ExportError")
        const open = Query.from(building_metrics, { select: ["metric_value"] })
        const query = yield* rejection(toFile(metrics, open, Csv.file(path)))
        assert.propertyVal(query.error, "_tag", "QueryError")
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), [])
      })
  )
})
