/** Tests real processes of a web app that share sessions in files. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { assert, layer } from "@effect/vitest"
import { FileTokenStore, WebSessions } from "@innerspace-metrics/node-adapter"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { apiOf, freshSandbox } from "../support/client.js"
import { newDirectory } from "../support/tokenFiles.js"
import { appUrl, makeUser } from "../support/webUser.js"

const program = fileURLToPath(new URL("../support/sessionProcess.mjs", import.meta.url))

const cookieSecret = "a cookie secret of more than 32 characters"

/**
 * The moments of a refresh at which a process is killed, and what another process gets after that.
 */
const moments: ReadonlyArray<readonly [moment: string, answer: string]> = [
  ["locked", "ok"],
  ["read", "ok"],
  ["marking", "ok"],
  // At these moments, the killed process may have used the refresh token.
  ["marked", "SignInRequired"],
  ["sent", "SignInRequired"],
  ["received", "SignInRequired"],
  ["storing", "SignInRequired"],
  ["stored", "ok"]
]

/** Creates a session in files, and returns a function that starts processes of the app. */
const setUp = Effect.gen(function* () {
  const sandbox = yield* freshSandbox
  const directory = yield* newDirectory
  const options = {
    issuer: sandbox.urls.login,
    clientId: sandbox.signIn.web.clientId,
    audience: sandbox.signIn.audience,
    appUrl
  }
  const sessions = yield* WebSessions.make({
    ...options,
    api: apiOf(sandbox),
    clientSecret: sandbox.signIn.web.clientSecret,
    cookieSecret: Redacted.make(cookieSecret),
    tokenStore: FileTokenStore.make({ directory })
  })
  const user = makeUser(sessions)
  const signIn = Effect.promise(() => user.signIn("/", sandbox.signIn.people.manager))
  yield* signIn
  const start = (requests: number, moment?: string) =>
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() =>
          spawn(
            process.execPath,
            [
              program,
              JSON.stringify({
                ...options,
                baseUrl: sandbox.urls.v1,
                clientSecret: Redacted.value(sandbox.signIn.web.clientSecret),
                cookieSecret,
                cookie: user.request("/").headers.get("cookie"),
                directory,
                requests,
                moment
              })
            ],
            { stdio: ["pipe", "pipe", "inherit"] }
          )
        ),
        (child) => Effect.sync(() => child.kill("SIGKILL"))
      ),
      controlled
    )
  const refreshes = Effect.map(sandbox.control.requests, (requests) =>
    requests.filter(({ grantType }) => grantType === "refresh_token")
  )
  return { sandbox, start, refreshes, signIn }
})

const controlled = (child: ChildProcess) => {
  let printed = ""
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text
  })
  const lines = () => printed.split("\n").slice(0, -1)
  return {
    awaitLine: (line: string) =>
      Effect.promise(async () => {
        while (!lines().includes(line)) {
          const [ended] = await Promise.race([
            once(child.stdout ?? child, "data"),
            once(child, "exit").then(() => [undefined])
          ])
          if (ended === undefined) break
        }
        return lines()
      }),
    go: Effect.sync(() => child.stdin?.write("go\n")),
    kill: Effect.promise(async () => {
      child.kill("SIGKILL")
      await once(child, "exit")
    })
  }
}

layer(Sandbox.layer(), { timeout: "2 minutes" })("processes that share the sessions", (it) => {
  it.scoped(
    "one hundred requests in two processes cause one refresh when the token has expired",
    () =>
      Effect.gen(function* () {
        const { refreshes, sandbox, start } = yield* setUp
        const processes = yield* Effect.all([start(50), start(50)])
        for (const { awaitLine } of processes) yield* awaitLine("ready")
        yield* sandbox.control.expireTokens
        for (const { go } of processes) yield* go
        for (const { awaitLine } of processes) {
          assert.deepStrictEqual(yield* awaitLine("done"), ["ready", "ok", "done"])
        }
        assert.lengthOf(yield* refreshes, 1)
      }).pipe(Effect.withClock(Clock.make())),
    { timeout: 120_000 }
  )

  it.scoped(
    "a process that is killed at any moment of a refresh never makes another one send its token",
    () =>
      Effect.gen(function* () {
        const { refreshes, sandbox, signIn, start } = yield* setUp
        for (const [moment, answer] of yield* Random.shuffle(moments)) {
          const killed = yield* start(1, moment)
          const other = yield* start(1)
          yield* killed.awaitLine("ready")
          yield* other.awaitLine("ready")
          yield* sandbox.control.expireTokens
          yield* killed.go
          assert.include(yield* killed.awaitLine(`at ${moment}`), `at ${moment}`)
          yield* killed.kill
          yield* other.go
          assert.deepStrictEqual(
            yield* other.awaitLine("done"),
            ["ready", answer, "done"],
            `killed when ${moment}`
          )
          for (const { status } of yield* refreshes) assert.include([200, null], status, moment)
          if (answer !== "ok") yield* signIn
        }
      }).pipe(Effect.withClock(Clock.make())),
    { timeout: 240_000 }
  )
})
