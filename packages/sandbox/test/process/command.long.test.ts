import type { ChildProcess } from "node:child_process"
import { spawn } from "node:child_process"
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { hostname, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { request } from "../support/client.js"
import { startMillis } from "../support/startTimeout.js"

const manifest = createRequire(import.meta.url).resolve("@innerspace-metrics/sandbox/package.json")
const bin = join(dirname(manifest), "dist", "bin.js")

interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  /** Waits until the output contains a text. */
  readonly shows: (text: string) => Effect.Effect<void>
  /** Waits until the process exits by itself, and returns its exit code. */
  readonly ended: Effect.Effect<number | null>
}

const run = (...args: ReadonlyArray<string>) => runIn({}, ...args)

const runIn = (
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
  ...args: ReadonlyArray<string>
) =>
  Effect.acquireRelease(
    Effect.sync((): Run => {
      const child = spawn(process.execPath, [bin, ...args], options)
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
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it.effect(
      `the command prints working examples, never prints a token, and stops cleanly on ${signal}`,
      () =>
        Effect.gen(function* () {
          const { child, ended, output, shows } = yield* run("--port", "0", "--today", "2024-02-01")
          yield* shows("Stop it with")
          assert.match(output(), /clock +2024-02-01T12:00:/)
          const issuer = /issuer +(\S+)/.exec(output())?.[1]
          const discovery = yield* request(`${issuer}.well-known/openid-configuration`)
          assert.deepInclude(discovery.json, { issuer })
          assert.match(output(), /single page +sandbox-spa\b/)
          assert.match(output(), /mara@example\.com +see-everything +can read every building/)
          assert.match(output(), /tom@example\.com +see-building-72 +can read building 72\n/)
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
    "the command prints its help and its version",
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
    "wrong arguments end the command with exit code 2 and a reason",
    () =>
      Effect.gen(function* () {
        const wrong = [
          [["--port", "many"], "--port"],
          [["--seed", "1.5"], "--seed"],
          [["--today", "2025-02-30"], "--today"],
          [["--today", "2025-06-30T08:00"], "--today"],
          [["--token-lifetime", "2 parsecs"], "--token-lifetime"],
          [["--nonsense"], "--nonsense"],
          [["--fault", "Explode"], "RateLimited"],
          [["--fault", "RateLimitd"], "use RateLimited"],
          [["--fault", "RateLimited retryafter=7"], "use retryAfter"],
          [["--fault", "RateLimited time=2"], "use times"],
          [["--fault", '{"effect":{}}'], "_tag"],
          [["fault", "Unavailable", "tims=2"], "use times"],
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
    "the command injects faults at the start and into a running sandbox",
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
    "injecting a fault without a running sandbox is an error",
    () =>
      Effect.gen(function* () {
        const refused = yield* run("fault", "--port", "1", "Reset")
        assert.strictEqual(yield* refused.ended, 1)
        assert.match(refused.output(), /no server responds on port 1\..*--port/)
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "a taken port ends the command with exit code 1",
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

  it.effect(
    "the command cleans up the temporary directory, also after killed sandboxes, and touches nothing else",
    () =>
      Effect.gen(function* () {
        const temporary = yield* emptyDirectory
        const abandoned = "innerspace-sandbox-aB3xY9"
        const others = yield* Effect.promise(async () => {
          const dead = spawn(process.execPath, ["--version"])
          const pid = dead.pid ?? 0
          await new Promise((resolve) => dead.once("close", resolve))
          await leave(temporary, abandoned, { pid })
          await leave(temporary, "innerspace-sandbox-alive1", { pid: process.pid })
          await leave(temporary, "innerspace-sandbox-other1", { pid, host: "elsewhere" })
          await leave(temporary, "innerspace-sandbox-my-thesis", { pid })
          await leave(temporary, "innerspace-sandbox-abcdef", undefined)
          await symlink(join(temporary, abandoned), join(temporary, "innerspace-sandbox-linked"))
          return (await readdir(temporary)).filter((name) => name !== abandoned)
        })
        const sandbox = yield* runIn(
          { env: { ...process.env, TMPDIR: temporary } },
          ...["--port", "0"]
        )
        yield* sandbox.shows("Stop it with")
        const during = yield* Effect.promise(() => readdir(temporary))
        assert.notInclude(during, abandoned)
        assert.includeMembers(during, others)
        assert.strictEqual(during.length, others.length + 1)
        sandbox.child.kill("SIGHUP")
        assert.strictEqual(yield* sandbox.ended, 0)
        assert.sameMembers(yield* Effect.promise(() => readdir(temporary)), others)
      }).pipe(Effect.scoped),
    startMillis
  )

  for (const [kind, value] of [
    ["empty", ""],
    ["relative", "relative"]
  ] as const) {
    it.effect(
      `the command writes nothing into its working directory if the paths of the environment are ${kind}`,
      () =>
        Effect.gen(function* () {
          const cwd = yield* emptyDirectory
          const env = Object.fromEntries(
            ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR", "TMP", "TEMP"].map(
              (name) => [name, value] as const
            )
          )
          const { child, ended, shows } = yield* runIn(
            { cwd, env: { ...process.env, ...env } },
            ...["--port", "0"]
          )
          yield* shows("Stop it with")
          assert.deepStrictEqual(yield* Effect.promise(() => readdir(cwd)), [])
          child.kill("SIGTERM")
          assert.strictEqual(yield* ended, 0)
        }).pipe(Effect.scoped),
      startMillis
    )
  }

  it.effect(
    "the command warns about an unusable cache, exits at once on a second signal, and ignores DATABASE_URL",
    () =>
      Effect.gen(function* () {
        const directory = yield* emptyDirectory
        const file = join(directory, "a file")
        yield* Effect.promise(() => writeFile(file, ""))
        const { child, ended, output, shows } = yield* runIn(
          { env: { ...process.env, DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing" } },
          ...["--port", "0", "--cache-directory", join(file, "below")]
        )
        yield* shows("Stop it with")
        assert.match(output(), /prepared database cannot be kept: .*--cache-directory/)
        child.kill("SIGINT")
        child.kill("SIGTERM")
        assert.include([0, 130, 143], yield* ended)
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "the command uses the database of --database, and does not show its password",
    () =>
      Effect.gen(function* () {
        const url = "postgres://someone:p4ssw0rd@127.0.0.1:1/nothing"
        const flag = yield* run("--port", "0", "--database", url)
        const variable = yield* runIn(
          { env: { ...process.env, INNERSPACE_SANDBOX_DATABASE_URL: url } },
          ...["--port", "0"]
        )
        for (const { ended, output } of [flag, variable]) {
          assert.strictEqual(yield* ended, 1)
          assert.include(output(), "ECONNREFUSED")
          assert.notInclude(output(), "p4ssw0rd")
        }
        const empty = yield* run("--database", "")
        assert.strictEqual(yield* empty.ended, 2)
        assert.include(empty.output(), "--database")
      }).pipe(Effect.scoped),
    startMillis
  )
})

const emptyDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "sandbox-command-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/**
 * Makes a directory like the one that a sandbox process leaves behind. With `owner`, it has the
 * file that names its process.
 */
const leave = async (
  parent: string,
  name: string,
  owner: { readonly pid: number; readonly host?: string } | undefined
): Promise<void> => {
  const path = join(parent, name)
  await mkdir(join(path, "data"), { recursive: true })
  await writeFile(join(path, "data", "PG_VERSION"), "18")
  if (owner === undefined) return
  await writeFile(
    join(path, "innerspace-sandbox.json"),
    JSON.stringify({
      madeBy: "innerspace-sandbox, which may remove this directory",
      host: hostname(),
      processes: await readlink("/proc/self/ns/pid").catch(() => ""),
      ...owner
    })
  )
}
