import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { shellOf } from "../support/command.js"
import type { Suite } from "../support/suite.js"

const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** The first day of a dataset. It is recent, so the dataset has only one or two parts. */
const from = daysAgo(3)

const first = `sync occupancy --table building_metrics --building 71 --granularity P1D --metric occupancy_mean --from ${from} --zone America/Chicago`

export const dataset: Suite = (it) =>
  describe("innerspace sync", () => {
    it.scoped("sync needs the options of a dataset once, and later only its name", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const done = yield* run(`${first} --progress json`)
        assert.strictEqual(done.code, 0, done.stderr)
        const step = JSON.parse(done.stderr.trimEnd().split("\n").at(-1) ?? "")
        assert.isAbove(step.total, 0)
        assert.strictEqual(step.done, step.total)
        assert.strictEqual(step.unit, "parts")
        assert.isAbove(step.count, 0)
        assert.match(done.stdout, /^occupancy: [1-3] rows added, 0 values restated/)
        assert.isTrue(existsSync(join(home, "occupancy", "manifest.json")))
        const contents = readFileSync(join(home, "occupancy.toml"), "utf8")
        assert.include(contents, 'tables = [ "building_metrics" ]')
        const again = yield* run("sync occupancy --json")
        assert.strictEqual(again.code, 0, again.stderr)
        const { data, ok } = JSON.parse(again.stdout)
        assert.isTrue(ok)
        assert.strictEqual(data.added, 0)
        const verified = yield* run("verify occupancy --sample 1")
        assert.strictEqual(verified.code, 0, verified.stderr)
        assert.include(verified.stdout, "1 parts compared with the API, 0 differ")
      })
    )

    it.scoped("--fail-on restated ends with exit code 3, and the report names the values", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        // With hours, more values are restated than the report shows.
        yield* run(first.replace("P1D", "PT1H"))
        yield* control.restate({ date: from })
        const restated = yield* run("sync occupancy --fail-on restated").pipe(
          Effect.ensuring(control.reset)
        )
        assert.strictEqual(restated.code, 3, restated.stderr)
        assert.match(
          restated.stdout,
          /restated {2}building_metrics\/.* date_time_start=.*: metric_value was .* and is /
        )
        assert.match(restated.stdout, /and \d+ more; all are in the files of occupancy\.restated\n/)
        assert.isTrue(existsSync(join(home, "occupancy.restated")))
      })
    )

    it.scoped(
      "the first sync on a terminal ends with the command line for later syncs and the lines for cron",
      () =>
        Effect.gen(function* () {
          const { home, run } = yield* shellOf()
          const { code, stderr } = yield* run(first, { terminal: 120 })
          assert.strictEqual(code, 0, stderr)
          assert.include(stderr, "To sync again: innerspace sync occupancy\n")
          assert.include(stderr, "INNERSPACE_CLIENT_ID=sandbox-client\n")
          assert.include(
            stderr,
            `0 9 * * * cd ${home} && innerspace sync occupancy --fail-on restated > occupancy.txt || cat occupancy.txt\n`
          )
          // In a crontab, an unescaped percent sign ends the command.
          const odd = yield* run(first.replace("occupancy", "'half 50%'"), { terminal: 200 })
          assert.include(odd.stderr, "To sync again: innerspace sync 'half 50%'\n")
          assert.include(
            odd.stderr,
            "innerspace sync 'half 50\\%' --fail-on restated > 'half 50\\%.txt' ||"
          )
          assert.notInclude((yield* run("sync occupancy", { terminal: 120 })).stderr, "Later")
        })
    )

    it.scoped("a first sync that is interrupted before any part says to repeat its options", () =>
      Effect.gen(function* () {
        // process.long.test.ts interrupts a sync between its parts.
        const { home, run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        yield* control.inject(Fault.delay({ duration: "1 minute", times: "always" }))
        const interruption = new AbortController()
        const before = (yield* control.requests).length
        const running = yield* Effect.fork(run(first, { signal: interruption.signal }))
        yield* control.awaitRequests(before + 1)
        interruption.abort()
        const ended = yield* Fiber.join(running).pipe(Effect.ensuring(control.clearFaults))
        assert.strictEqual(ended.code, 130)
        assert.include(ended.stderr, "run the same command again, with its options")
        assert.isFalse(existsSync(join(home, "occupancy.toml")))
      })
    )

    it.scoped("a dataset knows its generation and its first day in words", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf("v2")
        const line =
          "sync days --table zone_insights --building 71 --granularity P1M --metric occupancy_mean --where zone_id=71101"
        const done = yield* run(`${line} --from last-month --api v2`)
        assert.strictEqual(done.code, 0, done.stderr)
        assert.match(readFileSync(join(home, "days.toml"), "utf8"), /from = "\d{4}-\d\d-01"/)
        // Neither an option nor a variable sets the generation of the API.
        const again = yield* run("sync days", { env: { INNERSPACE_API: "" } })
        assert.strictEqual(again.code, 0, again.stderr)
        const other = yield* run("sync days --api v1")
        assert.strictEqual(other.code, 2)
        assert.include(other.stderr, "--api v2")
        for (const [given, hint] of [
          ["last-mnth", "Did you mean last-month?"],
          ["soon", "last-month"],
          ["2024-01-01..2024-02-01", "first day only"]
        ] as const) {
          const { code, stderr } = yield* run(`${line} --from ${given}`.replace("days", "others"))
          assert.strictEqual(code, 2)
          assert.include(stderr, `--from is "${given}"`)
          assert.include(stderr, hint)
        }
      })
    )

    it.scoped("a task of a plan runs by itself, and nothing is sent for a plan", () =>
      Effect.gen(function* () {
        const { env, run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        const before = (yield* control.requests).length
        const planned = yield* run(first.replace("sync", "plan"), {
          env: { ...env, INNERSPACE_CLIENT_SECRET: "", INNERSPACE_CLIENT_ID: "" }
        })
        assert.strictEqual(planned.code, 0, planned.stderr)
        assert.strictEqual((yield* control.requests).length, before)
        const [task = ""] = planned.stdout.split("\n")
        const done = yield* run([...first.split(" "), "--task", task])
        assert.strictEqual(done.code, 0, done.stderr)
        const wrong = yield* run([...first.split(" "), "--task", "{}"])
        assert.strictEqual(wrong.code, 2)
      })
    )

    it.scoped("a lock is named, with the command that removes it", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        yield* run(first)
        writeFileSync(
          join(home, "occupancy.lock"),
          JSON.stringify({ host: "other", pid: 1, since: "2024-03-01T00:00:00Z", id: "x" })
        )
        const locked = yield* run("sync occupancy")
        assert.strictEqual(locked.code, 5)
        assert.include(locked.stderr, "innerspace unlock")
        const unlocked = yield* run("unlock occupancy")
        assert.include(unlocked.stdout, "Removed the lock of process 1 on other")
        assert.strictEqual((yield* run("sync occupancy")).code, 0)
      })
    )

    it.scoped("a table that changed ends with exit code 3, and names the table", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        yield* run(first)
        yield* control.inject(
          Fault.columnGone({ table: "building_metrics", column: "metric_value" })
        )
        const drifted = yield* run("sync occupancy").pipe(Effect.ensuring(control.clearFaults))
        assert.strictEqual(drifted.code, 3, drifted.stderr)
        assert.include(drifted.stderr, "building_metrics")
      })
    )

    it.scoped("the error of a dataset without a required value names the option", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const missing = (option: RegExp) =>
          Effect.map(run(first.replace(option, "")), ({ code, stderr }) => {
            assert.strictEqual(code, 2, stderr)
            return stderr
          })
        assert.include(yield* missing(/ --building \S+/), "--building")
        assert.include(yield* missing(/ --granularity \S+/), "--granularity")
        assert.include(yield* missing(/ --metric \S+/), "--metric")
        assert.include(yield* missing(/ --from \S+/), "--from")
        assert.include(yield* missing(/ --table \S+/), "--table")
        assert.include(yield* missing(/ --zone \S+/), "--zone")
      })
    )
  })
