/**
 * Tests a dataset whose files were damaged, whose definition was changed, or which gets wrong rows.
 */
import { appendFile, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, layer, it as test } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import { layerTest, recorded } from "@innerspace-metrics/core/testing"
import { building_metrics, zone_metrics } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import { Dataset, type DatasetError } from "@innerspace-metrics/export"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { client, folder, sandboxAndClient } from "./support/client.js"
import { files, hours, inApi, inFolder, options, setTime } from "./support/dataset.js"
import { failing } from "./support/fileSystem.js"
import { sql } from "./support/readers.js"

const night = Effect.zipRight(
  Effect.flatMap(Sandbox.Sandbox, ({ control }) => control.reset),
  setTime("2024-03-15T12:00:00Z")
)

/** Makes a dataset of March 2024 and its files. */
const synced = Effect.gen(function* () {
  yield* night
  const home = yield* folder
  const dataset = hours(home, { from: "2024-03-01" })
  const { parts } = yield* Dataset.sync(dataset)
  const root = join(home, "occupancy")
  return { home, dataset, root, part: join(root, parts[0]?.part ?? "") }
})

const refusal = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    // The tag shows which error it is.
    assert.strictEqual(error._tag, "DatasetError")
    return error as unknown as DatasetError.DatasetError
  })

const building = (rows: ReadonlyArray<string>) => rows.filter((row) => row.includes("building"))

layer(sandboxAndClient({ today: "2024-03-15" }))("a damaged dataset", (it) => {
  for (const [what, damage] of [
    ["altered", (path: string) => appendFile(path, "x")],
    ["cut", (path: string) => truncate(path, 100)],
    ["missing", (path: string) => rm(path)]
  ] as const) {
    it.scoped(
      `a sync with a part that is ${what} fails with a clear error, and refresh repairs the dataset`,
      () =>
        Effect.gen(function* () {
          const { dataset, home, part } = yield* synced
          yield* Effect.promise(() => damage(part))
          const reason = what === "missing" ? "MissingPart" : "AlteredPart"

          assert.strictEqual((yield* refusal(Dataset.sync(dataset))).reason, reason)
          const { problems } = yield* Dataset.verify(dataset)
          assert.deepStrictEqual(
            problems.map(({ path, reason }) => [path, reason]),
            [[part, reason]]
          )
          yield* Dataset.sync(dataset, { refresh: { from: "2024-03", until: "2024-03" } })
          assert.deepStrictEqual((yield* Dataset.verify(dataset, { sample: 1 })).differences, [])
          assert.deepStrictEqual(
            yield* inFolder(home, ["building"]),
            building(yield* inApi("2024-03-01", "2024-03-16"))
          )
        })
    )
  }

  it.scoped("a dataset whose manifest was cut, edited or has a newer version is not changed", () =>
    Effect.gen(function* () {
      const { dataset, part, root } = yield* synced
      const manifest = join(root, "manifest.json")
      const text = yield* Effect.promise(() => readFile(manifest, "utf8"))
      const bytes = yield* Effect.promise(() => readFile(part))
      for (const [wrong, reason] of [
        [text.slice(0, 300), "Damaged"],
        ["", "Damaged"],
        ["[]", "Damaged"],
        [text.replace(/"rows": \d+/, '"rows": 7'), "Damaged"],
        [text.replace('"formatVersion": 1', '"formatVersion": {"toString":1}'), "Damaged"],
        [text.replace('"formatVersion": 1', '"formatVersion": 2'), "OtherVersion"]
      ] as const) {
        yield* Effect.promise(() => writeFile(manifest, wrong))
        assert.strictEqual((yield* refusal(Dataset.sync(dataset))).reason, reason, wrong)
        assert.strictEqual((yield* refusal(Dataset.plan(dataset))).reason, reason)
        assert.strictEqual(yield* Effect.promise(() => readFile(manifest, "utf8")), wrong)
      }
      assert.deepStrictEqual(yield* Effect.promise(() => readFile(part)), bytes)
      yield* Effect.promise(() => writeFile(manifest, text))
      yield* Dataset.sync(dataset)
    })
  )

  it.scoped(
    "a dataset with a foreign Parquet file is rejected, because readers would read that file",
    () =>
      Effect.gen(function* () {
        const { dataset, root } = yield* synced
        const foreign = join(root, "building_metrics", ".copy.parquet")
        yield* Effect.promise(() => writeFile(foreign, "x"))
        const error = yield* refusal(Dataset.sync(dataset))
        assert.deepStrictEqual([error.reason, error.path], ["ForeignFile", foreign])
        yield* Effect.promise(() => rm(foreign))
        yield* Effect.promise(() => writeFile(join(root, "building_metrics", "notes.txt"), "x"))
        yield* Dataset.sync(dataset)
      })
  )

  it.scoped("a dataset is not created in a folder with other files, or where a file is", () =>
    Effect.gen(function* () {
      yield* night
      const home = yield* folder
      yield* Effect.promise(() => mkdir(join(home, "occupancy")))
      yield* Effect.promise(() => writeFile(join(home, "occupancy", "thesis.txt"), "x"))
      assert.strictEqual((yield* refusal(Dataset.sync(hours(home)))).reason, "NotADataset")
      const other = yield* folder
      yield* Effect.promise(() => writeFile(join(other, "occupancy"), "x"))
      const error = yield* Effect.flip(Dataset.sync(hours(other)))
      assert.strictEqual(error._tag === "ExportError" && error.code, "ENOTDIR")
      assert.deepStrictEqual([...(yield* files(home)).keys()], ["occupancy/thesis.txt"])
      assert.deepStrictEqual([...(yield* files(other)).keys()], ["occupancy"])
    })
  )

  it.scoped("a dataset of another zone, building or table is rejected", () =>
    Effect.gen(function* () {
      const { home } = yield* synced
      for (const other of [
        { zone: "Europe/Berlin" },
        { buildings: [72] },
        { granularities: ["P1D"] },
        { metrics: ["people_count"] },
        { tables: [{ table: zone_metrics, where: { zone_id: 71301 } }] }
      ] as const) {
        const error = yield* refusal(Dataset.sync(hours(home, other)))
        assert.strictEqual(error.reason, "OtherDataset", JSON.stringify(other))
        assert.strictEqual(
          (yield* refusal(Dataset.plan(hours(home, other)))).reason,
          "OtherDataset"
        )
      }
    })
  )

  it.scoped("a dataset on a full disk stays unchanged, and the next sync completes it", () =>
    Effect.gen(function* () {
      const { dataset, home } = yield* synced
      const before = yield* files(home)
      yield* setTime("2024-03-17T12:00:00Z")
      for (const step of ["writeFile", "sync"] as const) {
        const error = yield* Effect.flip(Dataset.sync(dataset).pipe(failing(step, "ENOSPC")))
        assert.strictEqual(error._tag === "ExportError" && error.code, "ENOSPC")
        assert.deepStrictEqual(yield* files(home), before)
      }
      assert.strictEqual((yield* Dataset.sync(dataset)).added, 48)
    })
  )

  it.scoped("the error of a locked dataset names the owner, and unlock removes the lock", () =>
    Effect.gen(function* () {
      const { dataset, root } = yield* synced
      yield* Effect.promise(() =>
        writeFile(`${root}.lock`, '{"host":"etl-1","pid":4242,"since":"2024-03-15T02:00:00.000Z"}')
      )
      const error = yield* refusal(Dataset.sync(dataset))
      assert.strictEqual(error.reason, "Locked")
      assert.isTrue(error.isRetryable)
      assert.include(error.problem, "process 4242 on etl-1 since 2024-03-15T02:00:00.000Z")
      // `verify` reads the files without a lock.
      assert.deepStrictEqual((yield* Dataset.verify(dataset)).problems, [])
      assert.strictEqual(
        yield* Dataset.unlock(dataset),
        "process 4242 on etl-1 since 2024-03-15T02:00:00.000Z"
      )
      assert.isUndefined(yield* Dataset.unlock(dataset))
      yield* Dataset.sync(dataset)
    })
  )

  it.scoped(
    "one of two syncs writes the dataset, and the error of the other one names the owner of the lock",
    () =>
      Effect.gen(function* () {
        const { dataset } = yield* synced
        const both = yield* Effect.all(
          [Effect.either(Dataset.sync(dataset)), Effect.either(Dataset.sync(dataset))],
          { concurrency: 2 }
        )
        assert.deepStrictEqual(both.map(({ _tag }) => _tag).sort(), ["Left", "Right"])
        const [failed] = both.flatMap((result) => (result._tag === "Left" ? [result.left] : []))
        assert.strictEqual(failed?._tag === "DatasetError" && failed.reason, "Locked")
        assert.include(failed?.message, `process ${process.pid} on`)
      })
  )

  it.scoped(
    "a dataset has no wrong row if tokens expire, or if a night is restated between two pages",
    () =>
      Effect.gen(function* () {
        const { control } = yield* Sandbox.Sandbox
        yield* night
        const home = yield* folder
        const dataset = hours(home, { from: "2024-03-01" })
        yield* control.inject(Fault.expireTokens({ ordinals: [2] }))
        yield* control.inject(Fault.restate({ date: "2024-03-02", ordinals: [3] }))
        yield* Dataset.sync(dataset, { pageSize: 20 })
        const { counts } = yield* Dataset.sync(dataset, {
          refresh: { from: "2024-03", until: "2024-03" }
        })

        assert.isAtLeast(counts.restated, 0)
        assert.deepStrictEqual(
          yield* inFolder(home, ["building"]),
          building(yield* inApi("2024-03-01", "2024-03-16"))
        )
      })
  )

  it.scoped(
    "a sync stops at a table whose column was removed, and continues with the other tables",
    () =>
      Effect.gen(function* () {
        const { control } = yield* Sandbox.Sandbox
        yield* night
        const home = yield* folder
        const dataset = Dataset.make(options(home, { from: "2024-03-01" }))
        yield* Dataset.sync(dataset)
        const before = yield* files(join(home, "occupancy", "building_metrics"))
        yield* setTime("2024-03-16T12:00:00Z")
        yield* control.inject(
          Fault.columnGone({ table: "building_metrics", column: "metric_value" })
        )
        const error = yield* Effect.flip(Dataset.sync(dataset))

        assert.strictEqual(error._tag, "SyncIncomplete")
        if (error._tag !== "SyncIncomplete") return
        assert.deepStrictEqual(
          error.failures.map(({ error, table }) => [
            table,
            error._tag === "DatasetError" && error.reason
          ]),
          [["building_metrics", "SchemaDrift"]]
        )
        assert.include(error.message, "building_metrics: The API no longer fits")
        assert.deepStrictEqual(
          error.report.parts.map(({ added, table }) => [table, added]),
          [["zone_metrics", 48]]
        )
        assert.deepStrictEqual(yield* files(join(home, "occupancy", "building_metrics")), before)
        yield* control.clearFaults
        yield* Dataset.sync(dataset)
        assert.deepStrictEqual(yield* inFolder(home), yield* inApi("2024-03-01", "2024-03-16"))
      })
  )

  it.scoped("a dataset of a wide table is rewritten completely for a new column", () =>
    Effect.gen(function* () {
      yield* night
      const home = yield* folder
      const wide = (metrics: ReadonlyArray<string>) =>
        Dataset.make(
          options(home, {
            tables: [BUILDING_INSIGHTS],
            metrics,
            groups: ["00000000-0000-0000-0000-000000000000"]
          })
        )
      const program = Effect.gen(function* () {
        yield* Dataset.sync(wide(["OCCUPANCY_MEAN"]))
        const plan = yield* Dataset.plan(wide(["OCCUPANCY_MEAN", "PEOPLE_COUNT"]))
        assert.deepStrictEqual(
          plan.map(({ part, reason }) => [part, reason]),
          [[null, "other columns"]]
        )
        const failed = yield* Effect.flip(
          Dataset.sync(wide(["OCCUPANCY_MEAN", "PEOPLE_COUNT"])).pipe(failing("sync", "ENOSPC"))
        )
        assert.strictEqual(failed._tag === "ExportError" && failed.code, "ENOSPC")
        return yield* Dataset.sync(wide(["OCCUPANCY_MEAN", "PEOPLE_COUNT"]))
      })
      const report = yield* Effect.provide(program, client("v2"))

      assert.deepStrictEqual(
        [report.parts.map(({ reason }) => reason), report.added, report.counts.restated],
        [["other columns", "other columns"], 0, 0]
      )
      const [found] = yield* Effect.promise(() =>
        sql(`SELECT count(*)::INTEGER AS rows, count(OCCUPANCY_MEAN)::INTEGER AS means, count(PEOPLE_COUNT)::INTEGER AS people,
            typeof(any_value(PEOPLE_COUNT)) AS type
          FROM read_parquet('${home}/occupancy/BUILDING_INSIGHTS/**/*.parquet', hive_partitioning = true,
            hive_types = {BUILDING_ID: INTEGER, GRANULARITY: VARCHAR, month: VARCHAR})`)
      )
      const rows = report.parts.reduce((sum, part) => sum + part.rows, 0)
      assert.deepStrictEqual(found as unknown, { rows, means: rows, people: rows, type: "BIGINT" })
      assert.deepStrictEqual(
        (yield* Effect.provide(
          Dataset.verify(wide(["OCCUPANCY_MEAN", "PEOPLE_COUNT"])),
          client("v2")
        )).problems,
        []
      )
    })
  )
})

const places = Table.make("places", {
  place: Column.nullable(Column.key(Column.assumed(Scalar.String, "test"))),
  at: Column.key(Column.assumed(Scalar.timestamptz, "test")),
  building_id: Column.assumed(Scalar.Int, "test"),
  value: Column.nullable(Column.assumed(Scalar.float8, "test"))
})

const row = (place: string | null, at: string, building_id = 71) => ({
  place,
  at: `${at}+00:00`,
  building_id,
  value: 1
})

for (const [what, rows, reason] of [
  [
    "with the key of another row",
    [row("a", "2024-03-02T00:00:00"), row("a", "2024-03-02T00:00:00")],
    "DuplicateKey"
  ],
  ["without a key", [row(null, "2024-03-02T00:00:00")], "NullKey"],
  ["of another building", [row("a", "2024-03-02T00:00:00", 72)], "OutsidePart"],
  ["outside its window", [row("a", "2024-04-02T00:00:00")], "OutsidePart"]
] as const) {
  test.scoped(`a row ${what} fails the table before anything is written`, () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2024-03-15T12:00:00Z"))
      const home = yield* folder
      const dataset = Dataset.make({
        folder: join(home, "occupancy"),
        tables: [places],
        buildings: [71],
        from: "2024-03-01",
        zone: "UTC"
      })
      const error = yield* Effect.flip(Dataset.sync(dataset))

      assert.strictEqual(error._tag, "SyncIncomplete")
      if (error._tag !== "SyncIncomplete") return
      const [failure] = error.failures
      assert.strictEqual(failure?.error._tag === "DatasetError" && failure.error.reason, reason)
      assert.deepStrictEqual([...(yield* files(home)).keys()], ["occupancy/manifest.json"])
    }).pipe(Effect.provide(layerTest([recorded(places, rows)])))
  )
}

test.scoped("a definition that cannot be kept is refused with the name of the option", () =>
  Effect.gen(function* () {
    const home = yield* folder
    for (const [wrong, text] of [
      [{ buildings: [-1] }, "buildings is [-1]"],
      [{ buildings: undefined }, "building_metrics is divided by building_id"],
      [{ metrics: ["null"] }, 'metrics is ["null"]'],
      [{ metrics: ["a/../b"] }, 'metrics is ["a/../b"]'],
      [{ metrics: ["a", "A"] }, "metrics has a value twice"],
      [{ granularities: ["PT2H"] }, 'granularities is ["PT2H"]'],
      [{ zone: "CST" }, '"CST" is not the full name of a time zone'],
      [{ from: "2024-02-30" }, '"2024-02-30" is not a calendar date'],
      [{ lookBack: "a week" }, 'lookBack is "a week"'],
      [{ keepMonths: 0 }, "keepMonths is 0"],
      [{ tables: [] }, "The dataset has no table"],
      [{ tables: [building_metrics, building_metrics] }, "The dataset has a table twice"],
      [{ folder: "" }, 'folder is "" and database is undefined']
    ] as const) {
      const error = yield* refusal(Dataset.plan(hours(home, wrong as never)))
      assert.strictEqual(error.reason, "InvalidOption")
      assert.include(error.message, text)
    }
    const refresh = yield* refusal(
      Dataset.plan(hours(home), { refresh: { from: "2024-3", until: "2024-04" } as never })
    )
    assert.include(refresh.message, 'refresh is {"from":"2024-3"')
  }).pipe(Effect.provide(layerTest([])))
)
