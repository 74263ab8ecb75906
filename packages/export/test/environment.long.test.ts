/** Tests a machine without a package, without the right to write, or without space on the disk. */
import { execFile, execFileSync } from "node:child_process"
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, layer, it as test } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { Csv, Dataset, DuckDb, Export, Parquet } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { folder, sandboxAndClient } from "./support/client.js"
import { files, hours, inApi, inFolder, setTime } from "./support/dataset.js"

const run = promisify(execFile)

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const withoutPackages = (
  names: string,
  program: string,
  cwd: string,
  args: ReadonlyArray<string>
) =>
  run(process.execPath, ["--import", here("support/withoutPackages.mjs"), program, ...args], {
    cwd,
    env: { ...process.env, WITHOUT: names }
  })

test.scoped("a package that is not installed is named, and nothing is left behind", () =>
  Effect.gen(function* () {
    const home = yield* folder
    const { stdout } = yield* Effect.promise(() =>
      withoutPackages(
        "apache-arrow,@duckdb/node-api",
        here("support/missingPackages.mjs"),
        home,
        []
      )
    )
    const needs = (who: string, name: string) => ({
      _tag: "ExportError",
      message: `${who} needs the package ${name}, which cannot be loaded: Cannot find package '${name}'. Run npm install ${name}.`,
      reason: "MissingPackage"
    })
    assert.deepStrictEqual(JSON.parse(stdout), [
      needs("Arrow", "apache-arrow"),
      needs("DuckDB", "@duckdb/node-api"),
      needs("DuckDB", "@duckdb/node-api")
    ])
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(home)), [])
  })
)

test.scoped("a connector without the Node adapter says what to install", () =>
  Effect.gen(function* () {
    const home = yield* folder
    const config = join(home, "config.json")
    yield* Effect.promise(() =>
      writeFile(
        config,
        JSON.stringify({
          client_id: "a",
          client_secret: "b",
          start_date: "2024-03-01",
          zone: "UTC",
          buildings: [71],
          granularities: ["PT1H"],
          metrics: ["occupancy_mean"]
        })
      )
    )
    const error = yield* Effect.flip(
      Effect.tryPromise({
        try: () =>
          withoutPackages(
            "@innerspace-metrics/node-adapter",
            here("../dist/bin/singerTap.js"),
            home,
            ["--config", config]
          ),
        catch: (error) => error as { readonly code: number; readonly stderr: string }
      })
    )
    assert.strictEqual(error.code, 1)
    assert.include(error.stderr, "Run npm install @innerspace-metrics/node-adapter")
  })
)

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

const night = Effect.zipRight(
  Effect.flatMap(Sandbox.Sandbox, ({ control }) => control.reset),
  setTime("2024-03-15T12:00:00Z")
)

/** Runs an effect as a user without rights, because root may write in any folder. */
const asNobody = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  process.geteuid?.() === 0
    ? Effect.acquireUseRelease(
        Effect.sync(() => process.seteuid?.(65_534)),
        () => effect,
        () => Effect.sync(() => process.seteuid?.(0))
      )
    : effect

/**
 * Mounts a file system of this size until the scope closes. Returns undefined if the test may not
 * mount it.
 */
const smallDisk = (path: string, kilobytes: number) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path], {
          stdio: "ignore"
        })
        return path
      } catch {
        return undefined
      }
    }),
    (mounted) =>
      Effect.sync(() => {
        if (mounted !== undefined) execFileSync("umount", ["-l", mounted])
      })
  )

layer(sandboxAndClient({ today: "2024-03-15" }))("a folder", (it) => {
  it.scoped("a read-only folder is a typed error, and a dataset in it stays unchanged", () =>
    Effect.gen(function* () {
      yield* night
      const home = yield* folder
      const dataset = hours(home, { from: "2024-03-01" })
      yield* Dataset.sync(dataset)
      const before = yield* files(home)
      yield* setTime("2024-03-16T12:00:00Z")
      yield* Effect.promise(() => chmod(home, 0o555))
      const error = yield* Effect.flip(asNobody(Dataset.sync(dataset)))
      assert.strictEqual(error._tag === "ExportError" && error.code, "EACCES")
      assert.include(error.message, join(home, "occupancy.lock"))
      for (const target of [
        Csv.file(join(home, "march.csv")),
        Parquet.file(join(home, "march.parquet"))
      ]) {
        const error = yield* Effect.flip(asNobody(Export.toFile(march, target)))
        assert.strictEqual(error._tag === "ExportError" && error.code, "EACCES")
      }
      const inDuckDb = yield* Effect.flip(
        asNobody(Export.toFile(march, DuckDb.table(join(home, "march.duckdb"), "march")))
      )
      assert.strictEqual(inDuckDb._tag === "ExportError" && inDuckDb.reason, "DuckDb")
      // `verify` needs no right to write.
      assert.deepStrictEqual((yield* asNobody(Dataset.verify(dataset))).problems, [])
      yield* Effect.promise(() => chmod(home, 0o755))
      assert.deepStrictEqual(yield* files(home), before)
      assert.strictEqual((yield* Dataset.sync(dataset)).added, 24)
    })
  )

  it.scoped(
    "on a disk that is really full, a dataset stays unchanged, and continues when there is space",
    () =>
      Effect.gen(function* () {
        yield* night
        const home = join(yield* folder, "disk")
        yield* Effect.promise(() => mkdir(home))
        // Only root can mount a disk. For other users, `datasetFaults.long.test.ts` tests steps
        // that fail.
        const disk = yield* smallDisk(home, 128)
        const dataset = hours(home, { from: "2024-03-01" })
        yield* Dataset.sync(dataset)
        if (disk === undefined) return
        const before = yield* files(join(home, "occupancy"))
        const filler = join(home, "filler")
        yield* Effect.promise(() => writeFile(filler, new Uint8Array(1_000_000)).catch(() => {}))
        yield* setTime("2024-03-17T12:00:00Z")
        const error = yield* Effect.flip(Dataset.sync(dataset))
        assert.strictEqual(error._tag === "ExportError" && error.code, "ENOSPC")
        assert.deepStrictEqual(yield* files(join(home, "occupancy")), before)
        const file = yield* Effect.flip(Export.toFile(march, Parquet.file(join(home, "m.parquet"))))
        assert.strictEqual(file._tag === "ExportError" && file.code, "ENOSPC")
        yield* Effect.promise(() => writeFile(filler, ""))
        assert.strictEqual((yield* Dataset.sync(dataset)).added, 48)
        assert.deepStrictEqual(
          yield* inFolder(home, ["building"]),
          (yield* inApi("2024-03-01", "2024-03-18")).filter((row) => row.includes("building"))
        )
        assert.deepStrictEqual(
          (yield* Effect.promise(() => readdir(home))).filter((name) => /\.(tmp|lock)$/.test(name)),
          []
        )
        assert.strictEqual((yield* Effect.promise(() => readFile(filler))).length, 0)
      })
  )
})
