/** Runs syncs and kills them at random moments. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { assert } from "@effect/vitest"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { Dataset } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { everyone, inFolder, zone } from "./dataset.js"
import { sql } from "./readers.js"

const script = fileURLToPath(new URL("syncProcess.mjs", import.meta.url))

/** 40 days are two or three parts of each metric, because a part is a month. */
const twoMonths = 40

const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/**
 * The options of a dataset with two metrics of this number of days, up to yesterday by the real
 * clock.
 */
export const recent = (
  folder: string,
  place: "folder" | "database" = "folder",
  days = twoMonths
) => {
  const common = {
    ...(place === "folder"
      ? { folder: join(folder, "occupancy") }
      : { database: join(folder, "occupancy.duckdb") }),
    buildings: [71],
    granularities: ["PT1H"],
    metrics: ["occupancy_mean", "occupancy_max"],
    groups: [everyone],
    // `daysAgo` returns a date in this form.
    from: daysAgo(days) as "2024-01-01",
    zone
  } as const
  return {
    dataset: Dataset.make({ ...common, tables: [building_metrics] }),
    json: JSON.stringify(common)
  }
}

export interface Child {
  /** Resolves when the process has printed its first line, or has ended. */
  readonly begun: Promise<unknown>
  readonly ended: Promise<unknown>
  readonly output: () => string
  readonly kill: () => void
}

export const start = (sandbox: Sandbox.Service, ...args: ReadonlyArray<string>): Child => {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      INNERSPACE_CLIENT_ID: sandbox.clientId,
      INNERSPACE_CLIENT_SECRET: Redacted.value(sandbox.clientSecret),
      INNERSPACE_API: "v1",
      INNERSPACE_BASE_URL: sandbox.urls.v1,
      INNERSPACE_DEPRECATION_WARNING: "false"
    }
  })
  const ended = once(child, "close")
  let output = ""
  child.stdout.on("data", (bytes) => {
    output += String(bytes)
  })
  return {
    begun: Promise.race([once(child.stdout, "data"), ended]),
    ended,
    output: () => output,
    kill: () => child.kill("SIGKILL")
  }
}

/**
 * Kills syncs of one dataset. Before each sync, the sandbox changes the values of a day, so that
 * the sync has something to write. After each kill, a reader must find no torn, lost or doubled
 * row. In the end, the dataset must have the rows of the API.
 */
export const killing = (
  home: string,
  kills: number,
  place: "folder" | "database" = "folder",
  days = twoMonths
) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const { dataset, json } = recent(home, place, days)
    const read = place === "folder" ? inFolder(home, ["building"]) : inDatabase(home)
    const first = start(sandbox, json)
    yield* Effect.promise(() => first.begun)
    const from = Date.now()
    yield* Effect.promise(() => first.ended)
    assert.include(first.output(), "done")
    const duration = Date.now() - from

    let rows: ReadonlyArray<string> = yield* read
    let cut = 0
    for (let kill = 0; kill < kills; kill++) {
      // Every tenth sync starts with an empty folder.
      if (kill % 10 === 9) {
        for (const name of yield* Effect.promise(() => readdir(home))) {
          yield* Effect.promise(() => rm(join(home, name), { recursive: true }))
        }
        rows = []
      }
      yield* Effect.orDie(sandbox.control.restate({ date: daysAgo(3 + (kill % 5)) }))
      const child = start(sandbox, json)
      yield* Effect.promise(() => child.begun)
      yield* Effect.promise(
        () => new Promise((resolve) => setTimeout(resolve, Math.random() * duration))
      )
      child.kill()
      yield* Effect.promise(() => child.ended)
      if (!child.output().includes("done")) cut++
      yield* Dataset.unlock(dataset)

      // A reader can read the dataset at this moment, so its rows must be right.
      const { problems } = yield* Dataset.verify(dataset)
      assert.deepStrictEqual(problems, [])
      const found = place === "database" || (yield* hasParts(home)) ? yield* read : []
      const keys = new Set(found.map(keyOf))
      assert.strictEqual(keys.size, found.length, "a row is there twice")
      const lost = rows.filter((row) => !keys.has(keyOf(row)))
      assert.deepStrictEqual(lost, [], "a row is lost")
      rows = found
    }
    const last = start(sandbox, json)
    yield* Effect.promise(() => last.ended)
    assert.include(last.output(), "done")
    const { differences, problems } = yield* Dataset.verify(dataset, { sample: 100 })
    assert.deepStrictEqual([problems, differences], [[], []])
    assert.deepStrictEqual(
      (yield* Effect.promise(() => readdir(home))).filter((name) => name.endsWith(".tmp")),
      []
    )
    return cut
  })

const keyOf = (row: string): string => {
  const [table, id, metric, at] = JSON.parse(row)
  return `${table} ${id} ${metric} ${at}`
}

/** The rows of a database, which may have no table yet, in the form of `inFolder`. */
const inDatabase = (home: string) =>
  Effect.promise(async () => {
    const path = join(home, "occupancy.duckdb")
    const tables = await sql(
      "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'building_metrics'",
      path
    )
    if (tables.length === 0) return []
    const rows = await sql(
      "SELECT building_id, metric_name, epoch_ms(date_time_start)::DOUBLE AS at, metric_value FROM main.building_metrics",
      path
    )
    return rows
      .map(({ at, building_id, metric_name, metric_value }) =>
        JSON.stringify(["building", building_id, metric_name, at, metric_value])
      )
      .sort()
  })

/** Whether the folder has a file, because DuckDB fails if a pattern matches no file. */
const hasParts = (home: string) =>
  Effect.promise(async () => {
    const names = await readdir(join(home, "occupancy"), { recursive: true }).catch(() => [])
    return names.some((name) => name.endsWith(".parquet"))
  })
