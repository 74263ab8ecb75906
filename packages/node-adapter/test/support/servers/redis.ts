/** Starts a Redis server for a test, if Redis is installed. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { createClient } from "redis"
import { redisServer } from "../../../../../tools/redis.mjs"

const program = redisServer()

export const isInstalled = program !== undefined

export interface Server {
  /** A store with its own connection, as in the package's README. */
  readonly connect: Effect.Effect<TokenStore.TokenStore, never, Scope.Scope>
  readonly kill: Effect.Effect<void>
}

/** Starts a server that listens on a socket in its own directory, so it needs no port. */
export const listen: Effect.Effect<Server, never, Scope.Scope> = Effect.gen(function* () {
  const directory = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "redis-"))),
    (directory) => Effect.promise(() => rm(directory, { recursive: true, force: true }))
  )
  const socket = join(directory, "redis.sock")
  const server = spawn(
    program ?? "redis-server",
    ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", directory],
    { argv0: "redis-server", stdio: ["ignore", "pipe", "inherit"] }
  )
  const kill = Effect.promise(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill("SIGKILL")
    await once(server, "exit")
  })
  yield* Effect.addFinalizer(() => kill)
  yield* Effect.promise(async () => {
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.includes("ready to accept connections")) break
    }
    server.stdout.resume()
  })
  return { connect: connect(socket), kill }
})

const connect = (path: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() =>
        createClient({ socket: { path, tls: false }, disableOfflineQueue: true })
          .on("error", () => {})
          .connect()
      ),
      (redis) => Effect.sync(() => redis.destroy())
    ),
    (redis) => {
      const ask = <A>(command: () => Promise<A>) =>
        Effect.tryPromise({
          try: command,
          catch: () =>
            new TokenStore.TokenStoreError({
              reason: "Unavailable",
              problem: "Redis did not answer",
              hint: "Check that Redis is reachable"
            })
        })
      return TokenStore.make({
        get: (name) =>
          Effect.map(
            ask(() => redis.get(name)),
            Option.fromNullable
          ),
        set: (name, text) => Effect.asVoid(ask(() => redis.set(name, Redacted.value(text)))),
        remove: (name) => Effect.asVoid(ask(() => redis.del(name))),
        lock: (name) =>
          ask(() =>
            redis.set(`${name}/lock`, "held", {
              condition: "NX",
              expiration: { type: "PX", value: 20_000 }
            })
          ).pipe(
            Effect.repeat({
              until: (answer) => answer === "OK",
              schedule: Schedule.spaced("50 millis")
            }),
            Effect.zipRight(
              Effect.addFinalizer(() => Effect.ignore(ask(() => redis.del(`${name}/lock`))))
            )
          )
      })
    }
  )
