import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { PassThrough, Writable } from "node:stream"
import { assert, describe } from "@effect/vitest"
import { run as runCommand } from "@innerspace-metrics/cli/Cli"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { parquetReadObjects } from "hyparquet"
import { shellOf, wordsOf } from "../support/command.js"
import type { Suite } from "../support/suite.js"

const hours =
  "building_metrics --where building_id=71 --metric occupancy_mean --granularity PT1H --range 2024-03-05 --zone America/Chicago"

/** The number of hours of a day without a clock change. */
const size = 24

export const query: Suite = (it) =>
  describe("innerspace query", () => {
    it.scoped("query prints CSV to a pipe, and nothing to stderr", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { code, stderr, stdout } = yield* run(`query ${hours}`)
        assert.strictEqual(code, 0, stderr)
        assert.strictEqual(stderr, "")
        const lines = stdout.trimEnd().split("\r\n")
        assert.strictEqual(lines[0], "date_time_start,metric_value")
        assert.strictEqual(lines.length, size + 1)
        assert.strictEqual(lines[1], "2024-03-05T06:00:00.000Z,0.0")
      })
    )

    it.scoped("query prints the same rows in every format", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const json = yield* run(`query ${hours} --format json`)
        const rows: ReadonlyArray<{ date_time_start: string; metric_value: number }> = JSON.parse(
          json.stdout
        )
        assert.strictEqual(rows.length, size)
        const ndjson = yield* run(`query ${hours} --format ndjson`)
        assert.deepStrictEqual(
          ndjson.stdout
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line)),
          [...rows]
        )
        const envelope = JSON.parse((yield* run(`query ${hours} --json`)).stdout)
        assert.deepStrictEqual(envelope.data, [...rows])
        const parquet = yield* run(`query ${hours} --format parquet`)
        const { buffer, byteLength, byteOffset } = parquet.bytes
        const read = yield* Effect.promise(() =>
          parquetReadObjects({
            file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
          })
        )
        assert.deepStrictEqual(
          read.map((row) => ({ ...row, date_time_start: row["date_time_start"].toJSON() })),
          [...rows]
        )
        const arrow = yield* run(`query ${hours} --format arrow`)
        const { tableFromIPC } = yield* Effect.promise(() => import("apache-arrow"))
        assert.strictEqual(tableFromIPC(arrow.bytes).numRows, size)
      })
    )

    it.scoped(
      "with --json, rows are printed as they arrive, and an interruption keeps it valid",
      () =>
        Effect.gen(function* () {
          const { env, home } = yield* shellOf()
          const { control } = yield* Sandbox.Sandbox
          // A response has at most ten rows, and the third response waits.
          yield* control.setRole({ rowLimit: 10 })
          yield* control.inject(
            Fault.delay({ duration: "1 minute", target: "graphql", ordinals: [3] })
          )
          const interruption = new AbortController()
          let text = ""
          const stdout = new Writable({
            write: (part, _encoding, done) => {
              text += part
              done()
              // When the first rows are printed, the last rows have not been requested yet.
              if (text.includes("metric_value")) interruption.abort()
            }
          })
          const code = yield* Effect.promise(() =>
            runCommand({
              argv: wordsOf(`query ${hours} --json`),
              env,
              homeDirectory: home,
              stdout,
              signal: interruption.signal
            })
          ).pipe(Effect.ensuring(control.reset))
          assert.strictEqual(code, 130)
          const envelope = JSON.parse(text)
          assert.strictEqual(envelope.ok, false)
          assert.strictEqual(envelope.error.code, "Interrupted")
          assert.isAbove(envelope.data.length, 0)
          assert.isBelow(envelope.data.length, size)

          // An interruption during the last write must not print a second JSON object.
          const late = new AbortController()
          let whole = ""
          const slow = new Writable({
            write: (part, _encoding, done) => {
              whole += part
              late.abort()
              setImmediate(done)
            }
          })
          yield* Effect.promise(() =>
            runCommand({ argv: ["tables", "--json"], env, stdout: slow, signal: late.signal })
          )
          assert.isTrue(JSON.parse(whole).ok)
        })
    )

    it.scoped("the envelope has the schema version, completeness and freshness", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { stdout } = yield* run(`query ${hours} --json`)
        const { data: _, ...envelope } = JSON.parse(stdout)
        assert.deepStrictEqual(envelope, {
          schema: 1,
          ok: true,
          complete: true,
          truncated: false,
          freshness: { newest: "2024-03-06T05:00:00.000Z" },
          warnings: [],
          error: null
        })
      })
    )

    it.scoped(
      "without a range and a limit, more than 1000 rows are cut, and exit code 3 says so",
      () =>
        Effect.gen(function* () {
          const { run } = yield* shellOf()
          const open = hours.replace(/ --range \S+/, "")
          const { code, stderr, stdout } = yield* run(`query ${open}`)
          assert.strictEqual(code, 3, stderr)
          assert.strictEqual(stdout.trimEnd().split("\r\n").length, 1001)
          assert.include(stderr, "only the first 1000 rows")
          const limited = yield* run(`query ${open} --limit 5 --order -date_time_start --json`)
          assert.strictEqual(limited.code, 0)
          const envelope = JSON.parse(limited.stdout)
          assert.strictEqual(envelope.data.length, 5)
          assert.strictEqual(envelope.truncated, true)
        })
    )

    it.scoped("the zone of the dates is known from the building in v2", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf("v2")
        const { stderr, stdout } = yield* run(
          "query building_insights --where building_id=72 --metric occupancy_mean --granularity P1D --range 2024-03-05 --json"
        )
        const { data } = JSON.parse(stdout)
        assert.isAbove(data.length, 0, stderr)
        // This time is midnight in Berlin.
        assert.strictEqual(data[0].DATE_TIME_START, "2024-03-04T23:00:00.000Z")
        // The option `--building` selects the same rows.
        const short = yield* run(
          "query building_insights --building 72 --metric occupancy_mean --granularity P1D --range 2024-03-05 --json"
        )
        assert.deepStrictEqual(JSON.parse(short.stdout).data, data)
        const mixed = yield* run(
          "query building_insights --where building_id=71,72 --metric occupancy_mean --granularity P1D --range 2024-03-05"
        )
        assert.strictEqual(mixed.code, 2)
        assert.include(mixed.stderr, "Europe/Berlin")
      })
    )

    it.scoped("v1 does not know the zone, and the error says how to pass it", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { code, stderr, stdout } = yield* run(`query ${hours.replace(/ --zone \S+/, "")}`)
        assert.strictEqual(code, 2)
        assert.strictEqual(stdout, "")
        assert.include(stderr, "--zone America/Chicago")
      })
    )

    it.scoped("filters compare, list, test for null and combine", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const rows = (line: string) =>
          Effect.map(run(`query ${hours} ${line} --json`), ({ stderr, stdout }) => {
            const { data } = JSON.parse(stdout)
            assert.isArray(data, stderr)
            return data as ReadonlyArray<{ metric_value: number }>
          })
        const busy = yield* rows("--where 'metric_value>=100' --where 'metric_value<200'")
        assert.isAbove(busy.length, 0)
        assert.isTrue(busy.every(({ metric_value }) => metric_value >= 100 && metric_value < 200))
        assert.strictEqual((yield* rows("--where metric_value=null")).length, 0)
        assert.strictEqual((yield* rows("--where 'metric_value!=null'")).length, size)
        assert.strictEqual((yield* rows("--where 'date_time_start>=2024-03-06'")).length, 0)
      })
    )

    it.scoped("a group is an id, everyone, or a name of the table of groups", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf("v2")
        const line =
          "query building_insights --where building_id=71 --granularity P1D --range 2024-03-05 --select occupancy_mean,group_id --json"
        const named = JSON.parse(
          (yield* run([...line.split(" "), "--group", "Early Birds"])).stdout
        )
        assert.strictEqual(named.data[0].GROUP_ID, "2f1c7a52-7a0e-4b57-9c55-6f2f0c7d1a01")
        const wrong = yield* run([...line.split(" "), "--group", "Erly Birds"])
        assert.strictEqual(wrong.code, 2)
        assert.strictEqual(JSON.parse(wrong.stdout).error.hint, "Did you mean Early Birds?")
      })
    )

    it.scoped(
      "--show prints the vendor's form and a curl command, sends nothing, and has no secret",
      () =>
        Effect.gen(function* () {
          const { env, run } = yield* shellOf()
          const { control } = yield* Sandbox.Sandbox
          const before = (yield* control.requests).length
          const graphql = yield* run(`query ${hours} --show graphql`)
          assert.include(graphql.stdout, 'metric_name: {_eq: "occupancy_mean"}')
          const curl = yield* run(`query ${hours} --show curl`)
          assert.notInclude(curl.stdout, env["INNERSPACE_CLIENT_SECRET"] ?? "")
          assert.include(curl.stdout, "$INNERSPACE_CLIENT_SECRET")
          const plan = JSON.parse((yield* run(`query ${hours} --show plan --json`)).stdout)
          assert.strictEqual(plan.data.windows.length, 1)
          assert.strictEqual((yield* control.requests).length, before)
        })
    )

    it.scoped("dimensions that are left open are an error with the option to add", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const noMetric = yield* run(`query ${hours.replace(/ --metric \S+/, "")}`)
        assert.strictEqual(noMetric.code, 2)
        assert.include(noMetric.stderr, "Add --metric")
        const noGranularity = yield* run(`query ${hours.replace(/ --granularity \S+/, "")}`)
        assert.include(noGranularity.stderr, "Add --granularity")
      })
    )

    it.scoped("exit codes: 4 for wrong credentials, 5 if the API is down, 2 for a wrong URL", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        const wrong = yield* run(`query ${hours}`, { env: { INNERSPACE_CLIENT_SECRET: "wrong" } })
        assert.strictEqual(wrong.code, 4)
        assert.notInclude(wrong.stderr, "wrong\n")
        const nobody = yield* run(`query ${hours}`, { env: { INNERSPACE_CLIENT_SECRET: "" } })
        assert.strictEqual(nobody.code, 4)
        assert.include(nobody.stderr, "innerspace login")
        yield* control.inject(Fault.unavailable({ times: "always" }))
        const down = yield* run(`query ${hours} --json`).pipe(Effect.ensuring(control.clearFaults))
        assert.strictEqual(down.code, 5)
        const { error, ok } = JSON.parse(down.stdout)
        assert.isFalse(ok)
        assert.isTrue(error.retryable)
        const insecure = yield* run("tables", {
          env: { INNERSPACE_BASE_URL: "http://example.com" }
        })
        assert.strictEqual(insecure.code, 2)
        assert.include(insecure.stderr, "INNERSPACE_BASE_URL")
      })
    )

    it.scoped("no rows are a warning with the span and the filter", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { code, stderr, stdout } = yield* run(
          `query ${hours.replace("2024-03-05", "2031-03-05")}`
        )
        assert.strictEqual(code, 0)
        assert.strictEqual(stdout, "date_time_start,metric_value\r\n")
        assert.include(stderr, "warning: no rows of building_metrics from 2031-03-05T06:00:00.000Z")
      })
    )

    it.scoped(
      "a plot and a heat map keep the width of the terminal, and have no color with NO_COLOR",
      () =>
        Effect.gen(function* () {
          const { run } = yield* shellOf()
          for (const format of ["plot", "heatmap", "table"]) {
            for (const terminal of [24, 60, 120]) {
              const { code, stderr, stdout } = yield* run(`query ${hours} --format ${format}`, {
                terminal,
                env: { NO_COLOR: "1" }
              })
              assert.strictEqual(code, 0, stderr)
              assert.notInclude(stdout, "\u001b")
              const widest = Math.max(...stdout.split("\n").map((line) => [...line].length))
              assert.isAtMost(widest, terminal, `${format}\n${stdout}`)
            }
          }
          const colored = yield* run(`query ${hours} --format heatmap`, { terminal: 80 })
          assert.include(colored.stdout, "\u001b[48;5;")
        })
    )

    it.scoped("progress is a bar on a terminal, JSON lines on request, and never on stdout", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const bar = yield* run(`query ${hours} --format csv`, { terminal: 80 })
        assert.include(bar.stderr, "windows")
        assert.notInclude(bar.stdout, "windows")
        const json = yield* run(`query ${hours} --progress json`)
        const lines = json.stderr
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line))
        assert.strictEqual(lines.at(-1).count, size)
        const quiet = yield* run(`query ${hours} --format csv --quiet`, { terminal: 80 })
        assert.strictEqual(quiet.stderr, "")
      })
    )

    it.scoped("export writes the whole file, and none if it fails", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        const done = yield* run(`export ${hours.replace(" ", " march.parquet ")}`)
        assert.strictEqual(done.code, 0, done.stderr)
        assert.include(done.stdout, "march.parquet: 24 rows")
        const path = join(home, "march.parquet")
        const rows = yield* Effect.promise(() =>
          parquetReadObjects({ file: new Uint8Array(readFileSync(path)).buffer })
        )
        assert.strictEqual(rows.length, size)
        writeFileSync(path, "before")
        yield* control.inject(Fault.graphqlError({ code: "unexpected", times: "always" }))
        const failed = yield* run(`export ${hours.replace(" ", " march.parquet ")}`).pipe(
          Effect.ensuring(control.clearFaults)
        )
        assert.notStrictEqual(failed.code, 0)
        assert.strictEqual(readFileSync(path, "utf8"), "before")
        for (const file of ["a.csv", "a.csv.gz", "a.ndjson", "a.arrow", "a.duckdb"]) {
          const { code, stderr } = yield* run(`export ${hours.replace(" ", ` ${file} `)}`)
          assert.strictEqual(code, 0, stderr)
          assert.isTrue(existsSync(join(home, file)))
        }
      })
    )

    it.scoped("an interrupted command ends with exit code 130 and says how to continue", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        yield* control.inject(Fault.delay({ duration: "1 minute", times: "always" }))
        const before = (yield* control.requests).length
        const interruption = new AbortController()
        const running = yield* Effect.fork(
          run(`export ${hours.replace(" ", " march.csv ")}`, { signal: interruption.signal })
        )
        yield* control.awaitRequests(before + 2)
        interruption.abort()
        const { code, stderr, stdout } = yield* Fiber.join(running).pipe(
          Effect.ensuring(control.clearFaults)
        )
        assert.strictEqual(code, 130)
        assert.strictEqual(stdout, "")
        assert.include(stderr, "Nothing was written to march.csv. Run the same command again.")
        assert.isFalse(existsSync(join(home, "march.csv")))
      })
    )

    it.scoped("a reader that closes stdout ends a command quietly", () =>
      Effect.gen(function* () {
        const { env, home } = yield* shellOf()
        for (const format of ["csv", "json"]) {
          const stdout = new Writable({
            write: (_part, _encoding, done) =>
              done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))
          })
          const stderr = new PassThrough()
          const code = yield* Effect.promise(() =>
            runCommand({
              argv: wordsOf(`query ${hours} --format ${format}`),
              env,
              homeDirectory: home,
              stdout,
              stderr
            })
          )
          assert.strictEqual(code, 0)
          assert.isNull(stderr.read())
        }
      })
    )
  })
