import { createServer, type Server } from "node:http"
import { text } from "node:stream/consumers"
import { assert, describe, it, layer } from "@effect/vitest"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Run, runDemo } from "./runDemo.js"

/** A process with a sandbox starts in seconds. A busy machine takes much longer. */
const timeout = 120_000

class Finished extends Context.Tag("Finished")<Finished, Run>() {
  /** Runs until the page is served, then sends Ctrl-C. */
  static readonly v1 = Layer.effect(
    Finished,
    runDemo({
      withPage: true,
      onOutput: (stdout, child) => {
        if (stdout.includes("Ctrl-C stops it.")) child.kill("SIGINT")
      }
    })
  )
}

/** The lines between a heading and the next one. */
const sectionOf = (run: Run, title: string): string => {
  const [, rest] = run.stdout.split(`\n${title}\n${"─".repeat(title.length)}\n`)
  assert.isDefined(rest, `no section "${title}" in:\n${run.stdout}${run.stderr}`)
  return rest.split(/\n\n.*\n─+\n/)[0] ?? ""
}

/** The counts of token requests by the client and by the sandbox. */
const tokenRequestsIn = (section: string): ReadonlyArray<string | undefined> => [
  /the client \(innerspace\.client\.token\.requests\) +│ +(\d+)/.exec(section)?.[1],
  /the sandbox, as received +│ +(\d+)/.exec(section)?.[1]
]

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
      // The sensor of one zone failed for two days.
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

  it.effect("the demo prints no secret and no token", () =>
    Effect.gen(function* () {
      const { stdout } = yield* Finished
      assert.include(stdout, "<redacted>")
      assert.notInclude(stdout, "sandbox-secret")
      // Every JWT starts with this: it is {" in base64url.
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

/** A module that throws an uncaught error as soon as the token has been shown. */
const crashAfterLogin = `data:text/javascript,${encodeURIComponent(`
  const write = process.stdout.write
  process.stdout.write = function (text, ...rest) {
    if (String(text).includes("Expires")) process.nextTick(() => { throw new Error("crashed") })
    return write.call(this, text, ...rest)
  }
`)}`

describe("with other settings", () => {
  it.effect(
    "the demo shows v2, and says what only v1 has",
    () =>
      Effect.gen(function* () {
        const run = yield* runDemo({ environment: { INNERSPACE_API: "v2" } })
        assert.deepStrictEqual({ code: run.code, stderr: run.stderr }, { code: 0, stderr: "" })
        assert.strictEqual(
          sectionOf(run, "The documented query").match(/│ 2025-05-0\S+ │/g)?.length,
          24
        )
        assert.include(sectionOf(run, "One feature by week, for a year"), "INNERSPACE_API=v1")
        assert.include(sectionOf(run, "One metric by hour, for three weeks"), "Thu 2025-05-01  · ")
        assert.include(
          sectionOf(run, "Every zone by hour, for a year"),
          "27 of 27 windows, 105,360"
        )
        assert.include(sectionOf(run, "One zone by hour, with its gaps"), "not measured")
        assert.deepStrictEqual(tokenRequestsIn(sectionOf(run, "A rejected token")), ["2", "2"])
      }),
    timeout
  )

  it.effect(
    "the demo continues if the real API lacks a table",
    () =>
      Effect.gen(function* () {
        const { clientId, clientSecret, control, urls } = yield* Sandbox.Sandbox
        yield* control.inject(Fault.answer({ body: noSuchTable }))
        const run = yield* runDemo({
          environment: {
            INNERSPACE_CLIENT_ID: clientId,
            INNERSPACE_CLIENT_SECRET: Redacted.value(clientSecret),
            INNERSPACE_BASE_URL: urls.v1,
            INNERSPACE_DEPRECATION_WARNING: "false"
          }
        })
        assert.deepStrictEqual({ code: run.code, stderr: run.stderr }, { code: 0, stderr: "" })
        assert.match(sectionOf(run, "The documented query"), /^Not available from this API: /m)
        assert.include(sectionOf(run, "One feature by week, for a year"), "│ Dec ")
        assert.deepStrictEqual(tokenRequestsIn(sectionOf(run, "A rejected token")), [
          "2",
          undefined
        ])
        assert.include(sectionOf(run, "A wrong secret"), "in the sandbox only")
        assert.notInclude(run.stdout, Redacted.value(clientSecret))
      }).pipe(Effect.provide(Sandbox.layer())),
    timeout
  )

  it.effect(
    "the demo reports an API that cannot be reached",
    () =>
      Effect.gen(function* () {
        const run = yield* runDemo({
          environment: {
            INNERSPACE_CLIENT_ID: "somebody",
            INNERSPACE_CLIENT_SECRET: "s3cret",
            // The discard port, on which nothing listens.
            INNERSPACE_BASE_URL: "http://127.0.0.1:9",
            INNERSPACE_DEPRECATION_WARNING: "false"
          }
        })
        assert.strictEqual(run.code, 1)
        assert.match(
          run.stderr,
          /^\nAuthError \(Unreachable\): .*127\.0\.0\.1:9.*\nNext step: .+\n$/
        )
        assert.notInclude(run.stdout + run.stderr, "s3cret")
      }),
    timeout
  )

  for (const [way, options, says] of [
    ["fails", {}, "DataException"],
    ["crashes", { NODE_OPTIONS: `--import=${crashAfterLogin}` }, "Error: crashed"]
  ] as const) {
    it.scopedLive(
      `prints no secret where it ${way}, whatever the server sends back`,
      () =>
        Effect.gen(function* () {
          const run = yield* runDemo({
            environment: {
              INNERSPACE_CLIENT_ID: "somebody",
              INNERSPACE_CLIENT_SECRET: "canary-secret",
              INNERSPACE_BASE_URL: yield* echo,
              INNERSPACE_DEPRECATION_WARNING: "false",
              ...options
            }
          })
          assert.strictEqual(run.code, 1)
          assert.include(run.stdout, "Header")
          assert.include(run.stderr, says)
          assert.notMatch(run.stdout + run.stderr, /canary/)
        }),
      timeout
    )
  }

  it.effect(
    "the demo names the missing setting",
    () =>
      Effect.gen(function* () {
        const run = yield* runDemo({ environment: { INNERSPACE_CLIENT_ID: "somebody" } })
        assert.strictEqual(run.code, 1)
        assert.include(run.stderr, "INNERSPACE_CLIENT_SECRET is not set")
      }),
    timeout
  )

  it.effect(
    "the demo closes its layers on Ctrl-C",
    () =>
      Effect.gen(function* () {
        const run = yield* runDemo({
          onOutput: (stdout, child) => {
            if (stdout.includes("Logging in")) child.kill("SIGINT")
          }
        })
        // A process killed by the signal has no exit code. One with an open server would not exit.
        assert.deepStrictEqual(
          { code: run.code, stderr: run.stderr },
          { code: 130, stderr: "\nInterrupted.\n" }
        )
        assert.notInclude(run.stdout, "A wrong secret")
      }),
    timeout
  )
})

/** A server that issues a token, and rejects its use with an error that repeats the request. */
const echo = Effect.map(
  Effect.acquireRelease(
    Effect.async<Server>((resume) => {
      const server = createServer(async (request, response) => {
        const message = `${request.headers.authorization} ${await text(request)}`
        response.end(
          JSON.stringify(
            request.url?.endsWith("/token")
              ? { access_token: "canary-token", expires_in: 600 }
              : { errors: [{ message, extensions: { code: "data-exception" } }] }
          )
        )
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ),
  (server) => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`
  }
)

const noSuchTable = JSON.stringify({
  errors: [
    {
      message: "field 'building_features' not found in type: 'query_root'",
      extensions: { path: "$.selectionSet.data", code: "validation-failed" }
    }
  ]
})
