import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Run, runDemo } from "./runDemo.js"
import { sectionOf, timeout, tokenRequestsIn } from "./sections.js"

let inOtherTerminal: string | undefined

class Finished extends Context.Tag("Finished")<Finished, Run>() {
  /** Runs the demo until it serves the page, and then sends Ctrl-C. */
  static readonly v1 = Layer.effect(
    Finished,
    runDemo({
      withPage: true,
      onOutput: (stdout, child) => {
        if (!stdout.includes("Ctrl-C stops it.")) return
        // Runs the printed command lines, as a user does in another terminal.
        const lines = stdout.split("in another terminal:\n")[1]?.match(/^ {2}.*$/gm) ?? []
        inOtherTerminal ??= spawnSync("sh", ["-c", `${lines.join("\n")} --only token`], {
          cwd: fileURLToPath(new URL("../../..", import.meta.url)),
          encoding: "utf8"
        }).stdout
        child.kill("SIGINT")
      }
    })
  )
}

layer(Finished.v1, { timeout })("with its own sandbox", (it) => {
  it.effect("the demo exits with 0 and prints nothing on stderr", () =>
    Effect.gen(function* () {
      const run = yield* Finished
      assert.deepStrictEqual({ code: run.code, stderr: run.stderr }, { code: 0, stderr: "" })
    })
  )

  it.effect("the demo serves the page at the end", () =>
    Effect.gen(function* () {
      assert.match(sectionOf(yield* Finished, "The web page"), /^http:\/\/localhost:\d+\/$/m)
    })
  )

  it.effect("the demo shows the documented query and its one row", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "The documented query")
      assert.include(section, "query sample_graphql {\n  data: building_features(\n")
      assert.include(section, '{feature_name: {_eq: "weekly_frequency_dist"}},\n')
      assert.deepStrictEqual(section.match(/│ 20\S+ │/g), ["│ 2024-01-01T06:00:00.000Z │"])
    })
  )

  it.effect("the demo shows one feature by week for twelve months", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "One feature by week, for a year")
      const weeks = [...section.matchAll(/│ [A-Z][a-z]{2} +│ +(\d) │/g)].map((match) => match[1])
      assert.strictEqual(weeks.length, 12)
      assert.strictEqual(
        weeks.reduce((sum, count) => sum + Number(count), 0),
        52
      )
    })
  )

  it.effect("the demo shows three weeks by local hour, without the hour that the clock skips", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "One metric by hour, for three weeks")
      assert.strictEqual(section.match(/^[A-Z][a-z]{2} 2024-03-\d\d {2}/gm)?.length, 21)
      assert.include(section, "Sat 2024-03-09  · · · ")
      assert.include(section, "Sun 2024-03-10  · ·   · ")
      assert.include(section, "2024-03-10 has 23 hours")
    })
  )

  it.effect("the demo streams a year of hours of every zone, and shows the progress", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "Every zone by hour, for a year")
      assert.include(section, "Plan (nothing sent yet): 27 windows, at most 105,408 rows")
      const bars = [...section.matchAll(/^█+░* {2}(\d+) of 27 windows/gm)].map((bar) => bar[1])
      assert.strictEqual(bars.length, 4)
      assert.strictEqual(bars.at(-1), "27")
      const hours = [...section.matchAll(/│ 71[123]0[1234] │ (8,\d{3}) │/g)].map((row) => row[1])
      assert.strictEqual(hours.length, 12)
      // The sensor of one zone failed for two days, so 48 hours are missing.
      assert.deepStrictEqual(hours, [...Array.from({ length: 11 }, () => "8,784"), "8,736"])
    })
  )

  it.effect("the demo shows the hours of a zone and names the gaps", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "One zone by hour, with its gaps")
      assert.match(section, /│ Tue 2024-03-12 00:00 │ +48 │ not measured +│/)
      assert.match(section, /│ Mon 2024-03-11 00:00 │ +4 │ nobody there +│/)
      assert.match(section, /│ +\d+ │ not published yet +│/)
      assert.include(section, "71 % of the week was measured")
    })
  )

  it.effect("the demo requests one token, and one more when the API rejects it", () =>
    Effect.gen(function* () {
      const run = yield* Finished
      assert.deepStrictEqual(tokenRequestsIn(sectionOf(run, "One token for all calls so far")), [
        "1",
        "1"
      ])
      const refused = sectionOf(run, "A rejected token")
      assert.deepStrictEqual(tokenRequestsIn(refused), ["2", "2"])
      assert.include(refused, "returns 1 row")
    })
  )

  it.effect("the demo shows the error for a wrong secret", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "A wrong secret")
      assert.include(section, "CredentialsRefused")
      assert.include(section, "Check the client id and the client secret")
    })
  )

  it.effect("the demo asks on the command line, which works in another terminal too", () =>
    Effect.gen(function* () {
      const section = sectionOf(yield* Finished, "On the command line")
      assert.include(section, "$ innerspace query building_metrics --building 71")
      assert.match(section, /^2024-03-07 [·░▒▓█]{48}$/m)
      assert.include(inOtherTerminal ?? "", "ok       token.login  a token is kept in the store")
    })
  )

  it.effect("the demo prints no secret and no token", () =>
    Effect.gen(function* () {
      const { stdout } = yield* Finished
      assert.include(stdout, "<redacted>")
      assert.notInclude(stdout, "sandbox-secret")
      // Every JWT starts with `eyJ`, which is `{"` in base64url.
      assert.notInclude(stdout, "eyJ")
    })
  )

  it.effect("the demo prints at most 80 columns, without colours if there is no terminal", () =>
    Effect.gen(function* () {
      const { stdout } = yield* Finished
      assert.notInclude(stdout, "\u001b")
      assert.deepStrictEqual(
        stdout.split("\n").filter((line) => line.length > 80),
        []
      )
    })
  )
})
