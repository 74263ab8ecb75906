/** Tests the token of the promise client in Workers, where each call builds its own layer. */
import { assert, layer } from "@effect/vitest"
import type { TokenStore } from "@innerspace-metrics/core/TokenStore"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { counts, freshSandbox } from "../support/client.js"
import { type Edge, edge, edgeTime, optionsFor } from "../support/edge.js"
import { until } from "../support/eventLoop.js"
import * as Relay from "../support/servers/relay.js"

const world = Effect.zip(freshSandbox, edge)

type Client = ReturnType<Edge["createMetricsClient"]>

/** Sends a query, and returns the number of rows or the error. */
const ask = ({ Query, building_metrics }: Edge, metrics: Client) =>
  Effect.promise(() =>
    metrics
      .query(
        Query.from(building_metrics, {
          select: ["metric_value"],
          where: { building_id: 71, metric_name: "occupancy_mean", granularity: "P1D" },
          limit: 1
        })
      )
      .then(
        (rows) => rows.length,
        (error: unknown) => error
      )
  )

const tenAtOnce = (edge: Edge, metrics: Client) =>
  Effect.all(
    Array.makeBy(10, () => ask(edge, metrics)),
    { concurrency: "unbounded" }
  )

/**
 * A store like Workers KV. After a key was read, the store returns the same text for this key for a
 * minute, even if the text has changed.
 */
const makeKeyValues = ({ Effect, Option, Redacted, TokenStore }: Edge, isConsistent = false) => {
  const texts = new Map<string, string>()
  const read = new Map<string, string | undefined>()
  const log: Array<"get" | "put" | "delete"> = []
  /** The real store is on another machine, so each step takes some turns of the event loop here. */
  const step = <A>(what: "get" | "put" | "delete", run: () => A) =>
    Effect.promise(async () => {
      log.push(what)
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      return run()
    })
  const store: TokenStore = TokenStore.make({
    get: (name) =>
      step("get", () => {
        if (isConsistent || !read.has(name)) read.set(name, texts.get(name))
        return Option.fromNullable(read.get(name))
      }),
    set: (name, text) => Effect.asVoid(step("put", () => texts.set(name, Redacted.value(text)))),
    remove: (name) => Effect.asVoid(step("delete", () => texts.delete(name))),
    lock: () => Effect.void
  })
  return { store, texts, log, forgetReads: () => read.clear() }
}

const times = (log: ReadonlyArray<string>, what: string) => log.filter((one) => one === what).length

layer(Sandbox.layer(), { excludeTestServices: true, timeout: "2 minutes" })("at the edge", (it) => {
  it.effect("a token is used until shortly before it expires, and then replaced", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      yield* sandbox.control.setLifetimes({ token: "100 seconds" })
      const metrics = edge.createMetricsClient(optionsFor(sandbox))
      assert.strictEqual(yield* ask(edge, metrics), 1)
      yield* edgeTime.advance(84_000)
      yield* sandbox.control.inject(Fault.unavailable({ target: "token", times: "always" }))
      assert.strictEqual(yield* ask(edge, metrics), 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 2 })
      yield* sandbox.control.clearFaults
      yield* edgeTime.advance(12_000)
      assert.strictEqual(yield* ask(edge, metrics), 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 3 })
    })
  )

  it.effect(
    "calls of one isolate share a login and write it once to the store that is passed",
    () =>
      Effect.gen(function* () {
        const [sandbox, edge] = yield* world
        const { log, store } = makeKeyValues(edge)
        const metrics = edge.createMetricsClient({ ...optionsFor(sandbox), tokenStore: store })
        assert.deepStrictEqual(yield* tenAtOnce(edge, metrics), Array.replicate(1, 10))
        assert.strictEqual((yield* counts(sandbox)).token, 1)
        assert.strictEqual(times(log, "put"), 1)
        const reads = times(log, "get")
        assert.deepStrictEqual(yield* tenAtOnce(edge, metrics), Array.replicate(1, 10))
        assert.strictEqual((yield* counts(sandbox)).token, 1)
        assert.strictEqual(times(log, "get"), reads)
      })
  )

  it.effect("another isolate uses the token in the store that is passed", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const { forgetReads, store } = makeKeyValues(edge)
      const options = { ...optionsFor(sandbox), tokenStore: store }
      assert.strictEqual(yield* ask(edge, edge.createMetricsClient(options)), 1)
      forgetReads()
      const another = edge.createMetricsClient(options)
      assert.strictEqual(yield* ask(edge, another), 1)
      assert.strictEqual(yield* ask(edge, another), 1)
      assert.strictEqual((yield* counts(sandbox)).token, 1)
    })
  )

  it.effect("a refused token is removed, and not accepted from the store again", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const { forgetReads, log, store, texts } = makeKeyValues(edge)
      const options = { ...optionsFor(sandbox), tokenStore: store }
      assert.strictEqual(yield* ask(edge, edge.createMetricsClient(options)), 1)
      forgetReads()
      // After the next read, the store keeps returning this token, even if the client writes
      // another token.
      const metrics = edge.createMetricsClient(options)
      assert.strictEqual(yield* ask(edge, metrics), 1)
      yield* sandbox.control.inject(Fault.unauthorized({ times: "always" }))
      assert.include(yield* ask(edge, metrics), { _tag: "AuthError", reason: "TokenRefused" })
      assert.isAbove(times(log, "delete"), 0)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 4 })
      yield* sandbox.control.clearFaults
      yield* edgeTime.advance(5_000)
      assert.strictEqual(yield* ask(edge, metrics), 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 3, graphql: 5 })
      assert.strictEqual(texts.size, 1)
    })
  )

  it.effect("the last refused token of a call is removed before the call ends", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const { store, texts } = makeKeyValues(edge, true)
      const metrics = edge.createMetricsClient({ ...optionsFor(sandbox), tokenStore: store })
      yield* sandbox.control.inject(Fault.unauthorized({ times: "always" }))
      assert.include(yield* ask(edge, metrics), { reason: "TokenRefused" })
      assert.strictEqual(texts.size, 0)
    })
  )

  it.scoped("after refused tokens, calls pause as in Node: 5 seconds, then 10", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const warnings = yield* warningsOf("warn", "error")
      const metrics = edge.createMetricsClient(optionsFor(sandbox))
      yield* sandbox.control.inject(Fault.unauthorized({ times: "always" }))
      const refusedCalls = (token: number, graphql: number) =>
        Effect.gen(function* () {
          for (const _ of [1, 2, 3]) {
            assert.include(yield* ask(edge, metrics), { _tag: "AuthError", reason: "TokenRefused" })
          }
          assert.deepStrictEqual(yield* counts(sandbox), { token, graphql })
        })
      yield* refusedCalls(2, 2)
      yield* edgeTime.advance(5_000)
      yield* refusedCalls(3, 3)
      yield* edgeTime.advance(5_000)
      yield* refusedCalls(3, 3)
      yield* edgeTime.advance(5_000)
      yield* refusedCalls(4, 4)
      // Each call ended while its provider was removing a token, and this must cause no warning.
      assert.deepStrictEqual(warnings, [])
    })
  )

  it.effect("ten calls at once to an API that refuses every token log in twice", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const metrics = edge.createMetricsClient(optionsFor(sandbox))
      yield* sandbox.control.inject(Fault.unauthorized({ times: "always" }))
      for (const error of yield* tenAtOnce(edge, metrics)) {
        assert.include(error, { _tag: "AuthError", reason: "TokenRefused" })
      }
      assert.strictEqual((yield* counts(sandbox)).token, 2)
    })
  )

  it.effect("no call sends anything while the token endpoint's Retry-After lasts", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const metrics = edge.createMetricsClient(optionsFor(sandbox))
      yield* sandbox.control.inject(Fault.rateLimited({ target: "token", retryAfter: 60 }))
      for (const _ of [1, 2, 3]) {
        assert.include(yield* ask(edge, metrics), { _tag: "AuthError", reason: "RateLimited" })
      }
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 0 })
      yield* edgeTime.advance(60_000)
      assert.strictEqual(yield* ask(edge, metrics), 1)
    })
  )

  it.effect("no call sends anything while the API's Retry-After lasts", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const metrics = edge.createMetricsClient(optionsFor(sandbox))
      yield* sandbox.control.inject(Fault.rateLimited({ retryAfter: 600 }))
      for (const _ of [1, 2, 3]) {
        assert.include(yield* ask(edge, metrics), { _tag: "ResponseError", reason: "RateLimited" })
      }
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
      yield* edgeTime.advance(600_000)
      assert.strictEqual(yield* ask(edge, metrics), 1)
    })
  )

  it.scoped("calls wait for a slow login and do not repeat it", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const { arrived, gate, url } = yield* gated(sandbox)
      const metrics = edge.createMetricsClient(optionsFor(sandbox, url))
      const calls = yield* Effect.fork(tenAtOnce(edge, metrics))
      yield* until(Effect.sync(() => arrived() === 1))
      for (const _ of Array.range(1, 9)) yield* edgeTime.advance(1_000)
      yield* gate.open
      assert.deepStrictEqual(yield* calls, Array.replicate(1, 10))
      assert.strictEqual(arrived(), 1)
    })
  )

  it.scoped("a login whose request has ended without a result is repeated after 5 seconds", () =>
    Effect.gen(function* () {
      const [sandbox, edge] = yield* world
      const { arrived, gate, url } = yield* gated(sandbox)
      const metrics = edge.createMetricsClient(optionsFor(sandbox, url))
      yield* Effect.fork(ask(edge, metrics))
      yield* until(Effect.sync(() => arrived() === 1))
      edgeTime.dropTimers()
      const call = yield* Effect.fork(ask(edge, metrics))
      yield* edgeTime.advance(4_000)
      assert.strictEqual(arrived(), 1)
      yield* edgeTime.advance(1_000)
      yield* until(Effect.sync(() => arrived() === 2))
      yield* gate.open
      assert.strictEqual(yield* call, 1)
    })
  )
})

/** Collects what is written with these methods of the console until the scope closes. */
const warningsOf = (...methods: ReadonlyArray<"warn" | "error">) =>
  Effect.gen(function* () {
    const written: Array<unknown> = []
    for (const method of methods) {
      yield* Effect.acquireRelease(
        Effect.sync(() =>
          vi.spyOn(console, method).mockImplementation((text) => {
            written.push(text)
          })
        ),
        (spy) => Effect.sync(() => spy.mockRestore())
      )
    }
    return written
  })

/** A relay that holds back token requests until its gate opens. */
const gated = (sandbox: Sandbox.Service) =>
  Effect.gen(function* () {
    const gate = yield* Effect.makeLatch(false)
    let arrived = 0
    const relay = yield* Relay.make(sandbox.urls.v1, {
      before: ({ path }) => {
        if (!path.endsWith("/token")) return Promise.resolve()
        arrived++
        return Effect.runPromise(gate.await)
      }
    })
    return { gate, url: relay.url, arrived: () => arrived }
  })
