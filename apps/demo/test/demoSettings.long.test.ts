import { spawn } from "node:child_process"
import { createServer, type Server } from "node:http"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { inherited, type Run, runDemo } from "./runDemo.js"
import { sectionOf, timeout, tokenRequestsIn } from "./sections.js"

/**
 * Runs the command of `npm run demo` in its own process group. The group gets Ctrl-C, as from a
 * terminal.
 */
const npmRunDemo = Effect.async<Run>((resume) => {
  const child = spawn(process.execPath, [command, "demo"], {
    detached: true,
    env: inherited(),
    stdio: ["ignore", "pipe", "pipe"]
  })
  const interrupt = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT")
  }
  const printed = { stdout: "", stderr: "" }
  let isServed = false
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text
    if (isServed || !printed.stdout.includes("Ctrl-C stops it.")) return
    isServed = true
    interrupt()
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text
  })
  child.on("error", (error) => resume(Effect.die(error)))
  child.on("close", (code) => resume(Effect.succeed({ code, ...printed })))
  return Effect.sync(interrupt)
})

const command = fileURLToPath(new URL("../../../tools/run.mjs", import.meta.url))

/** A module that throws an uncaught error as soon as the token has been shown. */
const crashAfterLogin = `data:text/javascript,${encodeURIComponent(`
  const write = process.stdout.write
  process.stdout.write = function (text, ...rest) {
    if (String(text).includes("Expires")) process.nextTick(() => { throw new Error("crashed") })
    return write.call(this, text, ...rest)
  }
`)}`

describe("as a command", () => {
  it.effect(
    "Ctrl-C ends npm run demo without an error",
    () =>
      Effect.gen(function* () {
        const run = yield* npmRunDemo
        assert.strictEqual(run.code, 0)
        assert.isTrue(run.stdout.trimEnd().endsWith("Ctrl-C stops it."))
        assert.notMatch(run.stderr, /failed|ELIFECYCLE|Interrupted/i)
      }),
    timeout
  )
})

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
    ["it fails", {}, "DataException"],
    ["it crashes", { NODE_OPTIONS: `--import=${crashAfterLogin}` }, "Error: crashed"]
  ] as const) {
    it.scopedLive(
      `the demo prints no secret, whatever the server sends back: ${way}`,
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
        // A process that the signal kills has no exit code. A process with an open server would not
        // exit.
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
