import { chmod, writeFile } from "node:fs/promises"
import { assert, layer } from "@effect/vitest"
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import { TokenProvider } from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { FileTokenStore, NodeMetrics } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { isAll } from "../../../../tools/cases.mjs"
import { apiOf, connect, counts, documented, freshSandbox, optionsFor } from "../support/client.js"
import { until } from "../support/eventLoop.js"
import { logged, renderings } from "../support/printed.js"
import * as Processes from "../support/processes.js"
import { promiseOptions } from "../support/promises.js"
import { modeOf, namesIn, newDirectory, onlyFile, textOf } from "../support/tokenFiles.js"
import { virtually } from "../support/virtualTime.js"

const keyOf = (sandbox: Sandbox.Service) =>
  Either.getOrThrow(TokenStore.key(apiOf(sandbox), sandbox.clientId))

const value = (token: AccessToken.AccessToken) => Redacted.value(token.value)

layer(Sandbox.layer(), { excludeTestServices: true })("a token that outlives its client", (it) => {
  it.scoped.runIf(isAll)(
    "a process that is killed during its token request delays the others by 5 seconds",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const directory = yield* newDirectory
        yield* sandbox.control.inject(Fault.delay({ target: "token", duration: "1 hour" }))
        const killed = yield* Processes.make(sandbox, {
          mode: "login",
          directory,
          baseUrl: sandbox.urls.v1
        })
        yield* killed.awaitLines(1)
        yield* killed.start
        yield* until(
          Effect.map(namesIn(directory), (names) => names.some((name) => name.endsWith(".lock")))
        )
        yield* killed.kill
        assert.isNotEmpty(yield* namesIn(directory), "the lock is still there")
        const { tokens } = yield* connect(sandbox, {
          tokenStore: FileTokenStore.make({ directory })
        })
        const { exit, lines } = yield* logged(() => tokens.get)
        assert.isTrue(Exit.isSuccess(exit))
        assert.deepStrictEqual(lines, [])
        yield* onlyFile(directory)
      })
  )

  it.scoped.runIf(isAll)(
    "a process that is killed while writing leaves a whole token or none",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const directory = yield* newDirectory
        const store = FileTokenStore.make({ directory })
        for (let round = 0; round < 5; round++) {
          const writer = yield* Processes.make(sandbox, {
            mode: "write",
            directory,
            baseUrl: sandbox.urls.v1
          })
          yield* writer.awaitLines(1)
          yield* writer.start
          yield* writer.awaitLines(2 + 7 * round)
          yield* writer.kill
          assert.isTrue(Option.isSome(yield* store.get(keyOf(sandbox))))
        }
      }),
    300_000
  )

  it.scoped("the next client uses the stored token, and without a store sends a request", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const tokenStore = FileTokenStore.make({ directory: yield* newDirectory })
      for (const tokens of [1, 1, 1]) {
        const { metrics } = yield* connect(sandbox, { tokenStore })
        assert.lengthOf(yield* metrics.query(documented), 1)
        assert.strictEqual((yield* counts(sandbox)).token, tokens)
      }
      const { metrics } = yield* connect(sandbox)
      yield* metrics.query(documented)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 4 })
    })
  )

  for (const version of ["v1.5", "v2"] as const) {
    it.scoped(`a token of ${version} is stored in its own file`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const directory = yield* newDirectory
        const tokenStore = FileTokenStore.make({ directory })
        const first = yield* connect(sandbox, { tokenStore, api: apiOf(sandbox, version) })
        const second = yield* connect(sandbox, { tokenStore, api: apiOf(sandbox, version) })
        const other = yield* connect(sandbox, { tokenStore })
        const token = yield* first.tokens.get
        const stored = yield* second.tokens.get
        assert.strictEqual(value(stored), value(token))
        assert.deepStrictEqual(stored.header, token.header)
        assert.notStrictEqual(value(yield* other.tokens.get), value(token))
        assert.lengthOf(yield* namesIn(directory), 2)
        assert.strictEqual((yield* counts(sandbox)).token, 2)
      })
    )
  }

  it.scoped("two layers of one process that start at once make one request", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const tokenStore = FileTokenStore.make({ directory: yield* newDirectory })
      const clients = [
        yield* connect(sandbox, { tokenStore }),
        yield* connect(sandbox, { tokenStore })
      ]
      const [first, second] = yield* Effect.forEach(clients, ({ tokens }) => tokens.get, {
        concurrency: "unbounded"
      })
      assert.isDefined(first)
      assert.isDefined(second)
      assert.strictEqual(value(first), value(second))
      assert.strictEqual((yield* counts(sandbox)).token, 1)
    })
  )

  it.scoped("a stored token that the API rejects is replaced once, and no call fails", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const directory = yield* newDirectory
      const tokenStore = FileTokenStore.make({ directory })
      const client = connect(sandbox, { tokenStore })
      const clients = [yield* client, yield* client, yield* client]
      yield* Effect.forEach(clients, ({ metrics }) => metrics.query(documented))
      yield* sandbox.control.expireTokens
      yield* Effect.forEach(clients, ({ metrics }) => metrics.query(documented))
      const late = yield* client
      yield* late.metrics.query(documented)
      // Each of the three clients had one request rejected, so there are 3 + 3 + 3 + 1 requests.
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 10 })
    })
  )

  it.scoped("an expired token in the store is not used", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const tokenStore = FileTokenStore.make({ directory: yield* newDirectory })
      yield* TestClock.setTime(yield* sandbox.control.now)
      const first = yield* (yield* connect(sandbox, { tokenStore })).tokens.get
      yield* TestClock.setTime(Option.getOrThrow(first.expiresAt).epochMillis)
      const second = yield* (yield* connect(sandbox, { tokenStore })).tokens.get
      assert.notStrictEqual(value(second), value(first))
      assert.strictEqual((yield* counts(sandbox)).token, 2)
    }).pipe(virtually)
  )

  it.scoped(
    "a layer that closes while waiting for the lock fails its calls and leaves the lock",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const directory = yield* newDirectory
        const tokenStore = FileTokenStore.make({ directory })
        const held = yield* Scope.make()
        yield* Scope.extend(tokenStore.lock(keyOf(sandbox)), held)
        const names = yield* namesIn(directory)
        const scope = yield* Scope.make()
        const { tokens } = yield* Scope.extend(connect(sandbox, { tokenStore }), scope)
        const asking = yield* Effect.fork(Effect.flip(tokens.get))
        const fiber = yield* Effect.fork(Fiber.await(asking))
        yield* until(Effect.map(Fiber.status(fiber), ({ _tag }) => _tag === "Suspended"))
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual((yield* Fiber.join(asking)).reason, "Closed")
        assert.deepStrictEqual(yield* namesIn(directory), names)
        yield* Scope.close(held, Exit.void)
        assert.deepStrictEqual(yield* namesIn(directory), [])
        assert.strictEqual((yield* counts(sandbox)).token, 0)
      })
  )

  it.scoped("the environment turns the store on, also for promises", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const directory = yield* newDirectory
      const token = yield* Effect.flatMap(TokenProvider, ({ get }) => get).pipe(
        Effect.provide(NodeMetrics.layerConfig()),
        Effect.withConfigProvider(
          ConfigProvider.fromMap(
            new Map([
              ["INNERSPACE_CLIENT_ID", sandbox.clientId],
              ["INNERSPACE_CLIENT_SECRET", Redacted.value(sandbox.clientSecret)],
              ["INNERSPACE_BASE_URL", sandbox.urls.v1],
              ["INNERSPACE_TOKEN_STORE", directory]
            ])
          )
        )
      )
      assert.include(yield* textOf(yield* onlyFile(directory)), value(token))
      const tokenStore = FileTokenStore.make({ directory })
      const client = createMetricsClient(promiseOptions(sandbox, { tokenStore }))
      yield* Effect.promise(() => client.query(documented))
      yield* Effect.promise(() => client.close())
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
    })
  )

  const spoiled: ReadonlyArray<
    readonly [string, (directory: string, file: string) => Promise<void>, string]
  > = [
    ["damaged", (_, file) => writeFile(file, "{"), "stored access token"],
    ["open to others", (_, file) => chmod(file, 0o644), "Other users can read"],
    [
      "in a directory open to others",
      (directory) => chmod(directory, 0o777),
      "Other users can write"
    ]
  ]

  for (const [name, spoil, says] of spoiled) {
    it.scoped(
      `a stored token that is ${name} fails no call, and is a warning without a secret`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          const directory = yield* newDirectory
          const tokenStore = FileTokenStore.make({ directory })
          const first = yield* (yield* connect(sandbox, { tokenStore })).tokens.get
          const file = yield* onlyFile(directory)
          yield* Effect.promise(() => spoil(directory, file))
          const { exit, lines } = yield* logged(() =>
            Effect.scoped(
              Effect.gen(function* () {
                const { metrics, tokens } = yield* connect(sandbox, { tokenStore })
                yield* metrics.query(documented)
                return yield* tokens.get
              })
            )
          )
          const second = yield* exit
          assert.notStrictEqual(value(second), value(first))
          assert.strictEqual(yield* modeOf(file), 0o600)
          assert.isTrue(lines.some((line) => line.includes(says)))
          const secrets = [value(first), value(second), Redacted.value(sandbox.clientSecret)]
          for (const text of [...lines, ...renderings(tokenStore)]) {
            for (const secret of secrets) assert.notInclude(text, secret)
          }
        })
    )
  }

  it.scoped("no token file contains the client secret", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const directory = yield* newDirectory
      yield* Effect.flatMap(TokenProvider, ({ get }) => get).pipe(
        Effect.provide(
          NodeMetrics.layer({
            ...optionsFor(sandbox),
            tokenStore: FileTokenStore.make({ directory })
          })
        )
      )
      assert.notInclude(
        yield* textOf(yield* onlyFile(directory)),
        Redacted.value(sandbox.clientSecret)
      )
    })
  )
})
