import { assert, layer } from "@effect/vitest"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { connect, counts, documented, freshSandbox } from "../support/client.js"
import { logged } from "../support/printed.js"
import * as Redis from "../support/servers/redis.js"

/**
 * Makes a store for several machines. `machine` connects one machine to the store, and `kill` makes
 * the store fail.
 */
const makeFleet = Redis.isInstalled
  ? Effect.map(Redis.listen, ({ connect, kill }) => ({ machine: connect, kill }))
  : Effect.map(TokenStore.makeMemory, (store) => {
      let isDead = false
      const unavailable = new TokenStore.TokenStoreError({
        reason: "Unavailable",
        problem: "Redis did not answer",
        hint: "Check that Redis is reachable"
      })
      const alive = <A, R>(effect: Effect.Effect<A, TokenStore.TokenStoreError, R>) =>
        Effect.suspend(() => (isDead ? unavailable : effect))
      const machine: TokenStore.TokenStore = {
        get: (key) => alive(store.get(key)),
        set: (key, token) => alive(store.set(key, token)),
        remove: (key, token) => alive(store.remove(key, token)),
        lock: (key) => alive(store.lock(key))
      }
      return {
        machine: Effect.succeed(machine),
        kill: Effect.sync(() => {
          isDead = true
        })
      }
    })

const name = Redis.isInstalled ? "a Redis server" : "a stand-in for a Redis server"

layer(Sandbox.layer(), { excludeTestServices: true })(`a fleet with ${name}`, (it) => {
  it.scoped("20 machines that start at once make one request for a token", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { machine } = yield* makeFleet
      const clients = yield* Effect.forEach(Array.from({ length: 20 }), () =>
        Effect.flatMap(machine, (tokenStore) => connect(sandbox, { tokenStore }))
      )
      const tokens = yield* Effect.forEach(clients, ({ tokens }) => tokens.get, {
        concurrency: "unbounded"
      })
      assert.strictEqual(new Set(tokens.map(({ value }) => Redacted.value(value))).size, 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 0 })
    })
  )

  it.scoped("a token that the API rejects is replaced once for all machines", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { machine } = yield* makeFleet
      const client = Effect.flatMap(machine, (tokenStore) => connect(sandbox, { tokenStore }))
      const clients = [yield* client, yield* client, yield* client]
      const query = Effect.forEach(clients, ({ metrics }) => metrics.query(documented), {
        concurrency: "unbounded"
      })
      yield* query
      yield* sandbox.control.expireTokens
      yield* query
      assert.strictEqual((yield* counts(sandbox)).token, 2)
    })
  )

  it.scoped("a store whose server stops fails no call, and is a warning without a secret", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { machine, kill } = yield* makeFleet
      const tokenStore = yield* machine
      const { tokens } = yield* connect(sandbox, { tokenStore })
      const secrets = [Redacted.value((yield* tokens.get).value)]
      yield* kill
      const { exit, lines } = yield* logged(() =>
        Effect.scoped(
          Effect.gen(function* () {
            const { metrics, tokens } = yield* connect(sandbox, { tokenStore })
            yield* metrics.query(documented)
            secrets.push(Redacted.value((yield* tokens.get).value))
          })
        )
      )
      assert.isTrue(Exit.isSuccess(exit))
      assert.lengthOf(secrets, 2)
      assert.isTrue(lines.some((line) => line.includes("Redis did not answer")))
      for (const line of lines) for (const secret of secrets) assert.notInclude(line, secret)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 1 })
    })
  )
})
