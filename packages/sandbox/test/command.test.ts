import type { ChildProcess } from "node:child_process"
import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { request } from "./client.js"
import { startMillis } from "./startTimeout.js"

const manifest = createRequire(import.meta.url).resolve("@innerspace-metrics/sandbox/package.json")
const bin = join(dirname(manifest), "dist", "bin.js")

interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  /** Waits until the output has a text. */
  readonly shows: (text: string) => Effect.Effect<void>
  /** The exit code, once the process has ended by itself. */
  readonly ended: Effect.Effect<number | null>
}

const run = (...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync((): Run => {
      const child = spawn(process.execPath, [bin, ...args])
      let output = ""
      const collect = (chunk: Buffer): void => {
        output += chunk.toString("utf8")
      }
      child.stdout.on("data", collect)
      child.stderr.on("data", collect)
      const exit = new Promise<number | null>((resolve) => child.once("close", resolve))
      return {
        child,
        output: () => output,
        shows: (text) =>
          Effect.async((resume) => {
            const check = () => output.includes(text) && resume(Effect.void)
            child.stdout.on("data", check)
            check()
          }),
        ended: Effect.promise(() => exit)
      }
    }),
    ({ child, ended }) =>
      Effect.zipRight(
        Effect.sync(() => child.kill("SIGKILL")),
        ended
      )
  )

describe("innerspace-sandbox", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it.effect(
      `prints what to try, serves it, never prints a token, and ends cleanly on ${signal}`,
      () =>
        Effect.gen(function* () {
          const { child, ended, output, shows } = yield* run("--port", "0", "--today", "2024-02-01")
          yield* shows("Stop it with")
          assert.match(output(), /clock +2024-02-01T12:00:/)
          const issuer = /issuer +(\S+)/.exec(output())?.[1]
          const discovery = yield* request(`${issuer}.well-known/openid-configuration`)
          assert.deepInclude(discovery.json, { issuer })
          assert.match(output(), /client id +sandbox-spa\b/)
          assert.match(output(), /mara@example\.com +see-everything +sees every building/)
          assert.match(output(), /tom@example\.com +see-building-72 +sees building 72\n/)
          const url = /curl -s (\S+oauth\/token) -d '([^']+)'/.exec(output())
          const answer = yield* request(url?.[1] ?? "", {
            method: "POST",
            headers: { "content-type": "application/x-www-form-urlencoded" },
            body: url?.[2] ?? ""
          })
          const token = /"access_token":"([^"]+)"/.exec(answer.text)?.[1] ?? ""
          const line = /curl -s (\S+) -H "Authorization: Bearer \$TOKEN" .* -d '([^']+)'/.exec(
            output()
          )
          const rows = yield* request(line?.[1] ?? "", {
            method: "POST",
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: line?.[2] ?? ""
          })
          assert.match(
            rows.text,
            /^\{"data":\{"data":\[\{"feature_value":\{[^}]+\},"date_time_start":"2024-01-01T06:00:00\+00:00"\}\]\}\}$/
          )
          child.kill(signal)
          assert.strictEqual(yield* ended, 0)
          assert.notInclude(output(), token)
        }).pipe(Effect.scoped),
      startMillis
    )
  }

  it.effect(
    "explains itself, and tells its version",
    () =>
      Effect.gen(function* () {
        const help = yield* run("--help")
        const version = yield* run("--version")
        assert.deepStrictEqual([yield* help.ended, yield* version.ended], [0, 0])
        assert.include(help.output(), "--token-lifetime")
        assert.match(version.output(), /^\d+\.\d+\.\d+/)
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "refuses what it does not understand with exit code 2 and a reason",
    () =>
      Effect.gen(function* () {
        const wrong = [
          [["--port", "many"], "--port"],
          [["--seed", "1.5"], "--seed"],
          [["--today", "2025-02-30"], "--today"],
          [["--today", "2025-06-30T08:00"], "--today"],
          [["--token-lifetime", "2 parsecs"], "--token-lifetime"],
          [["--nonsense"], "--nonsense"],
          [["--fault", "Explode"], "its name"],
          [["fault", "Unavailable", "tims=2"], "tims"],
          [["fault", "--clear", "Reset"], "--clear"]
        ] as const
        for (const [args, named] of wrong) {
          const refused = yield* run(...args)
          assert.strictEqual(yield* refused.ended, 2)
          assert.include(refused.output(), named)
          assert.include(refused.output(), "--help")
        }
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "starts with faults, and takes others while it runs",
    () =>
      Effect.gen(function* () {
        const { output, shows } = yield* run(
          ...["--port", "0", "--fault", "Answer status=418 body=short and stout"],
          ...["--fault", `{"target":"token","effect":{"_tag":"Refused","status":403}}`]
        )
        yield* shows("Stop it with")
        const url = /v1 +(\S+)/.exec(output())?.[1] ?? ""
        const port = new URL(url).port
        const ask = Effect.map(request(url, { method: "POST", body: "{}" }), (answer) => [
          answer.status,
          answer.text
        ])
        assert.deepStrictEqual(yield* ask, [418, "short and stout"])
        const token = yield* request(`${url}/api/rest/oauth/token`, { method: "POST", body: "{}" })
        assert.strictEqual(token.status, 403)
        const inject = (...args: ReadonlyArray<string>) =>
          Effect.gen(function* () {
            const command = yield* run("fault", "--port", port, ...args)
            assert.strictEqual(yield* command.ended, 0, command.output())
            return command.output()
          })
        assert.include(
          yield* inject("RateLimited", "retryAfter=7", "ordinals=2,3", "api=v1"),
          `injected {"target":"graphql","api":"v1","ordinals":[2,3],"effect":{`
        )
        const met = yield* Effect.replicateEffect(ask, 3)
        assert.deepStrictEqual(
          met.map(([status]) => status),
          [200, 429, 429]
        )
        yield* inject("Unavailable times=always")
        assert.strictEqual((yield* ask)[0], 503)
        yield* inject("--clear")
        assert.strictEqual((yield* ask)[0], 200)
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "says that there is no sandbox to steer",
    () =>
      Effect.gen(function* () {
        const refused = yield* run("fault", "--port", "1", "Reset")
        assert.strictEqual(yield* refused.ended, 1)
        assert.match(refused.output(), /nothing answers on port 1\..*--port/)
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "ends with exit code 1 when a port is taken",
    () =>
      Effect.gen(function* () {
        const server = createServer()
        const port = yield* Effect.async<number>((resume) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0))
          })
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
        const refused = yield* run("--port", String(port))
        assert.strictEqual(yield* refused.ended, 1)
        assert.include(refused.output(), `port ${port}`)
      }).pipe(Effect.scoped),
    startMillis
  )
})
