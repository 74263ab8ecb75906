/**
 * Tests the Airbyte source and the Singer tap as processes: their stdout, their stderr, and how
 * they end.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { folder, sandboxAndClient } from "./support/client.js"
import { airbyteMessage } from "./support/connectors/airbyteProtocol.js"
import { configOf, type Message, ranOf, validator } from "./support/connectors/connector.js"
import { singerMessage } from "./support/connectors/singerProtocol.js"

const start = (name: string, args: ReadonlyArray<string>) =>
  spawn(
    process.execPath,
    [fileURLToPath(new URL(`../dist/bin/${name}.js`, import.meta.url)), ...args],
    { stdio: ["ignore", "pipe", "pipe"] }
  )

const run = (name: string, args: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const child = start(name, args)
    let [stdout, stderr] = ["", ""]
    child.stdout.on("data", (bytes) => {
      stdout += String(bytes)
    })
    child.stderr.on("data", (bytes) => {
      stderr += String(bytes)
    })
    const [exitCode] = await once(child, "close")
    return { stderr, stdout, exitCode: Number(exitCode) }
  })

/**
 * Returns a date. The tests read rows of some weeks ago, because at some hours the sandbox has not
 * published yesterday yet.
 */
const daysAgo = (days: number) =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

layer(sandboxAndClient(), { excludeTestServices: true })("the programs", (it) => {
  it.scoped(
    "the connector programs write only messages to stdout",
    () =>
      Effect.gen(function* () {
        const home = yield* folder
        const json = (name: string, value: unknown) =>
          Effect.promise(async () => {
            const path = join(home, `${name}.json`)
            await writeFile(path, JSON.stringify(value))
            return path
          })
        const settings = configOf(yield* Sandbox.Sandbox, { start_date: daysAgo(20) })
        const config = yield* json("config", settings)

        const found = yield* run("airbyteSource", ["discover", "--config", config])
        const { messages } = ranOf(found.exitCode, found.stdout)
        const streams = messages.at(-1).catalog.streams.slice(0, 1)
        const catalog = yield* json("catalog", {
          streams: streams.map((stream: Message) => ({
            stream,
            sync_mode: "incremental",
            destination_sync_mode: "append_dedup"
          }))
        })
        const read = yield* run("airbyteSource", ["read", "--config", config, "--catalog", catalog])
        assert.strictEqual(read.exitCode, 0, read.stderr)
        for (const message of ranOf(0, read.stdout).messages) validator(airbyteMessage)(message)
        assert.isAbove(ranOf(0, read.stdout).messages.length, 400)

        const wrong = yield* json("wrong", { ...settings, client_secret: "wr0ng" })
        const tap = yield* run("singerTap", ["--config", config, "--discover"])
        const [first] = JSON.parse(tap.stdout).streams
        const one = yield* json("one", { streams: [first] })
        const synced = yield* run("singerTap", ["-c", config, "--catalog", one])
        assert.strictEqual(synced.exitCode, 0, synced.stderr)
        for (const message of ranOf(0, synced.stdout).messages) validator(singerMessage)(message)
        const refused = yield* run("singerTap", ["--config", wrong, "--catalog", one])
        assert.strictEqual(refused.exitCode, 1)
        // stdout has only the schema of the stream whose rows cannot be read.
        assert.strictEqual(ranOf(1, refused.stdout).messages.length, 1)
        assert.match(refused.stderr, /^ERROR building_metrics: /m)
        assert.notInclude(refused.stderr, "wr0ng")
      }),
    // The test starts seven processes, one after the other.
    300_000
  )

  it.scoped("the connector programs end when the consumer closes the pipe, or on a signal", () =>
    Effect.gen(function* () {
      const home = yield* folder
      const path = join(home, "config.json")
      const settings = configOf(yield* Sandbox.Sandbox, { start_date: daysAgo(300), zones: [] })
      yield* Effect.promise(() => writeFile(path, JSON.stringify(settings)))
      for (const end of ["close", "SIGTERM"] as const) {
        const exitCode = yield* Effect.promise(async () => {
          const child = start("singerTap", ["--config", path])
          child.stderr.resume()
          await once(child.stdout, "data")
          if (end === "close") child.stdout.destroy()
          else child.kill(end)
          if (end === "SIGTERM") child.stdout.resume()
          const [code] = await once(child, "exit")
          return code
        })
        assert.strictEqual(exitCode, 1, end)
      }
    })
  )
})
