import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Array from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import { apiOf, type Client, connect, counts, documented, freshSandbox } from "../support/client.js"
import { until } from "../support/eventLoop.js"
import * as Relay from "../support/servers/relay.js"
import { virtually } from "../support/virtualTime.js"

/** An operation without database work, so that a thousand of them are fast. */
const typename = {
  document: "query { __typename }",
  schema: Schema.Struct({ __typename: Schema.String })
}

/** Makes this number of calls at once. All calls must succeed. */
const callAtOnce = (client: Client, count: number) =>
  Effect.map(
    Effect.all(
      Array.makeBy(count, () => client.metrics.execute(typename)),
      { concurrency: "unbounded" }
    ),
    (answers) => assert.lengthOf(answers, count)
  )

/**
 * Options with long time limits. A thousand calls share 64 connections, so the last call waits long
 * on a slow machine.
 */
const patient = {
  // Without merging, each call sends its own request.
  merge: false,
  timeout: "1 minute",
  retry: RetryPolicy.make({ deadline: "2 minutes" })
} as const

/** A relay that can hold back token requests. */
const gatedRelay = (sandbox: Sandbox.Service) =>
  Effect.gen(function* () {
    const gate = yield* Effect.makeLatch(true)
    const relay = yield* Relay.make(sandbox.urls.v1, {
      before: ({ path }) =>
        path.endsWith("/token") ? Effect.runPromise(gate.await) : Promise.resolve()
    })
    return { gate, relay, api: Api.withBaseUrl(Api.v1, relay.url) }
  })

const tokenRequests = (relay: Relay.Relay) =>
  Effect.map(
    relay.exchanges,
    Array.filter(({ path }) => path.endsWith("/token"))
  )

const lifetimeOf = (jwt: string): number => {
  const { exp, iat } = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString())
  return (exp - iat) * 1000
}

layer(Sandbox.layer(), { excludeTestServices: true })("renewal", (it) => {
  it.scoped(
    "1,000 concurrent calls make one token request at first, and one more after the token expires",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const client = yield* connect(sandbox, patient)
        yield* callAtOnce(client, 1_000)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1_000 })
        yield* sandbox.control.expireTokens
        yield* callAtOnce(client, 1_000)
        assert.strictEqual((yield* counts(sandbox)).token, 2)
      }),
    120_000
  )

  it.scoped(
    "1,000 concurrent calls make one token request even if 100 of them are interrupted",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { gate, relay, api } = yield* gatedRelay(sandbox)
        const { metrics, tokens } = yield* connect(sandbox, { ...patient, api })
        const body = '{"data":{"__typename":"query_root"}}'
        yield* sandbox.control.inject(Fault.answer({ times: 2_000, body }))
        for (const requests of [1, 2]) {
          yield* gate.close
          const callers = yield* Effect.forEach(
            Array.makeBy(1_000, (index) => index),
            () => Effect.fork(metrics.execute(typename))
          )
          yield* until(
            Effect.map(tokenRequests(relay), (exchanges) => exchanges.length === requests)
          )
          // The interrupted calls include the first call, which sent the token request.
          const [given, ...others] = Array.chunksOf(callers, 100)
          assert.isDefined(given)
          const exits = yield* Effect.forEach(given, Fiber.interrupt)
          assert.isTrue(exits.every(Exit.isInterrupted))
          yield* gate.open
          const answers = yield* Effect.forEach(Array.flatten(others), Fiber.join)
          assert.lengthOf(answers, 900)
          assert.lengthOf(yield* tokenRequests(relay), requests)
          yield* tokens.invalidate(yield* tokens.get)
        }
      }),
    120_000
  )

  for (const [name, fault] of [
    ["invalid-jwt in a 200", Fault.invalidJwt()],
    ["401", Fault.unauthorized()]
  ] as const) {
    it.scoped(`${name} renews the token and replays the query once`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const relay = yield* Relay.make(sandbox.urls.v1)
        const client = yield* connect(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
        yield* sandbox.control.inject(fault)
        yield* callAtOnce(client, 1)
        const requests = yield* sandbox.control.requests
        assert.deepStrictEqual(
          requests.map(({ kind }) => kind),
          ["token", "graphql", "token", "graphql"]
        )
        const [, first, , second] = yield* relay.exchanges
        assert.isDefined(first)
        assert.isDefined(second)
        assert.strictEqual(second.body, first.body)
        assert.notStrictEqual(second.headers["authorization"], first.headers["authorization"])
      })
    )
  }

  it.scoped("a rejected session of v2 is renewed too", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { tokens, metrics } = yield* connect(sandbox, { api: apiOf(sandbox, "v2") })
      yield* tokens.get
      yield* sandbox.control.expireTokens
      // The query is about a table of v1, which v2 does not have. The error about an unknown field
      // shows that the API accepted the new session.
      const error = yield* Effect.flip(metrics.query(documented))
      assert.strictEqual(error._tag, "GraphQLError")
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 2 })
    })
  )

  it.scoped("late rejections of an old token cause no token request", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { tokens } = yield* connect(sandbox)
      const old = yield* tokens.get
      yield* tokens.invalidate(old)
      const renewed = yield* tokens.get
      yield* Effect.all(Array.makeBy(100, () => tokens.invalidate(old)))
      assert.strictEqual(Redacted.value((yield* tokens.get).value), Redacted.value(renewed.value))
      assert.strictEqual((yield* counts(sandbox)).token, 2)
    })
  )

  it.scoped("a failed login fails all waiting calls, and is not cached", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = yield* connect(sandbox)
      yield* sandbox.control.inject(Fault.answer({ target: "token", status: 401, body: "{}" }))
      const errors = yield* Effect.all(
        Array.makeBy(100, () => Effect.flip(client.metrics.query(documented))),
        { concurrency: "unbounded" }
      )
      assert.isTrue(errors.every(({ reason }) => reason === "CredentialsRefused"))
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 0 })
      yield* callAtOnce(client, 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 1 })
    })
  )

  it.scoped("v1's token expires after the expires_in of its answer", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { tokens } = yield* connect(sandbox)
      const token = yield* tokens.get
      assert.deepStrictEqual(
        Option.map(token.expiresAt, DateTime.toEpochMillis),
        Option.some(token.obtainedAt.epochMillis + 86_400_000)
      )
    })
  )

  it.scoped("v1.5's lifetime is read from the JWT, and v2's session has none", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const byJwt = yield* connect(sandbox, { api: apiOf(sandbox, "v1.5") })
      const jwt = yield* byJwt.tokens.get
      assert.deepStrictEqual(
        Option.map(jwt.expiresAt, DateTime.toEpochMillis),
        Option.some(jwt.obtainedAt.epochMillis + lifetimeOf(Redacted.value(jwt.value)))
      )
      const bySession = yield* connect(sandbox, { api: apiOf(sandbox, "v2") })
      assert.deepStrictEqual((yield* bySession.tokens.get).expiresAt, Option.none())
    })
  )

  for (const version of ["v1", "v1.5"] as const) {
    it.scoped(
      `${version}'s token is used while it is renewed, from 2 minutes until 30 seconds before its expiry`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          yield* TestClock.setTime(yield* sandbox.control.now)
          const { tokens } = yield* connect(sandbox, { api: apiOf(sandbox, version) })
          const first = yield* tokens.get
          const expiry = Option.getOrThrow(first.expiresAt).epochMillis
          const current = Effect.map(tokens.get, ({ value }) => Redacted.value(value))
          const old = Redacted.value(first.value)

          yield* TestClock.setTime(expiry - 120_001)
          assert.strictEqual(yield* current, old)
          assert.strictEqual((yield* counts(sandbox)).token, 1)

          yield* TestClock.setTime(expiry - 120_000)
          assert.strictEqual(yield* current, old)
          yield* sandbox.control.awaitRequests(2)
          yield* until(Effect.map(current, (value) => value !== old))
          const second = yield* tokens.get
          assert.strictEqual((yield* counts(sandbox)).token, 2)

          if (version === "v1") {
            yield* TestClock.setTime(Option.getOrThrow(second.expiresAt).epochMillis - 30_000)
            assert.notStrictEqual(yield* current, Redacted.value(second.value))
            assert.strictEqual((yield* counts(sandbox)).token, 3)
          }
        }).pipe(virtually)
    )
  }
})
