import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { atOnce, counts, documented, freshSandbox, insights } from "../support/client.js"
import { promiseOptions, rejection, unhandledRejections } from "../support/promises.js"
import * as Relay from "../support/servers/relay.js"

/** Sets variables of the environment until the scope closes. */
const environment = (variables: Readonly<Record<string, string | undefined>>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
      setEnvironment(Object.entries(variables))
      return before
    }),
    (before) => Effect.sync(() => setEnvironment(before))
  )

const setEnvironment = (
  variables: ReadonlyArray<readonly [name: string, value: string | undefined]>
) => {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

layer(Sandbox.layer(), { excludeTestServices: true })("promises", (it) => {
  it.scoped("query returns rows", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox))
      const [row, ...others] = yield* Effect.promise(() => client.query(documented))
      assert.isDefined(row)
      assert.isObject(row.feature_value)
      assert.deepStrictEqual(others, [])
      yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("execute returns data decoded by its Schema", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox))
      const data = yield* Effect.promise(() =>
        client.execute({
          document:
            "query One($id: Int!) { building_features(limit: 1, where: { building_id: { _eq: $id } }) { date_time_start building_id } }",
          operationName: "One",
          variables: { id: 71 },
          schema: Schema.Struct({
            building_features: Schema.Array(
              Schema.Struct({ date_time_start: Schema.Date, building_id: Schema.Int })
            )
          })
        })
      )
      const [row] = data.building_features
      assert.isDefined(row)
      assert.instanceOf(row.date_time_start, Date)
      assert.strictEqual(row.building_id, 71)
      yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("calls of one client share its token", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox, { merge: false }))
      yield* Effect.promise(() =>
        Promise.all(Array.from({ length: 20 }, () => client.query(documented)))
      )
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 20 })
      yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("a call's own retry policy is used", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox, { retry: atOnce(3) }))
      yield* sandbox.control.inject(Fault.unavailable({ times: 10 }))
      yield* rejection(client.query(documented, { retry: RetryPolicy.none }))
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
      yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("a call with an aborted signal rejects with its reason and sends nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox))
      const reason = new Error("the user went away")
      const signal = AbortSignal.abort(reason)
      assert.strictEqual(yield* rejection(client.query(documented, { signal })), reason)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
      yield* Effect.promise(() => client.close())
    })
  )

  for (const reason of [new Error("the user went away"), "a text", undefined]) {
    it.scoped(`a signal aborted during a call aborts its request: ${reason}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const relay = yield* Relay.make(sandbox.urls.v1)
        const client = createMetricsClient(
          promiseOptions(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
        )
        yield* sandbox.control.inject(Fault.stallBody())
        const controller = new AbortController()
        const call = client.query(documented, { signal: controller.signal })
        yield* sandbox.control.awaitRequests(2)
        controller.abort(reason)
        const rejected = yield* rejection(call)
        assert.strictEqual(rejected, controller.signal.reason)
        yield* relay.awaitAborted(1)
        assert.lengthOf(yield* Effect.promise(() => client.query(documented)), 1)
        yield* Effect.promise(() => client.close())
      })
    )
  }

  it.scoped("a signal that is aborted after a call changes nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const client = createMetricsClient(promiseOptions(sandbox))
      const controller = new AbortController()
      const rows = yield* Effect.promise(() =>
        client.query(documented, { signal: controller.signal })
      )
      controller.abort()
      assert.lengthOf(rows, 1)
      assert.lengthOf(yield* Effect.promise(() => client.query(documented)), 1)
      yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("close ends calls in flight with a typed error and closes their connections", () =>
    Effect.gen(function* () {
      const unhandled = yield* unhandledRejections
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const client = createMetricsClient(
        promiseOptions(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
      )
      yield* sandbox.control.inject(Fault.stallBody())
      const call = client.query(documented)
      yield* sandbox.control.awaitRequests(2)
      const closed = client.close()
      const error = yield* rejection(call)
      assert.instanceOf(error, MetricsError.AuthError)
      assert.strictEqual(error.reason, "Closed")
      yield* Effect.promise(() => closed)
      yield* relay.awaitOpenConnections(0)
      assert.deepStrictEqual(unhandled, [])
    })
  )

  it.scoped("calls after close reject with a typed error, and close may be called twice", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      for (const isUsed of [true, false]) {
        const client = createMetricsClient(promiseOptions(sandbox))
        if (isUsed) yield* Effect.promise(() => client.query(documented))
        yield* Effect.promise(() => client.close())
        const error = yield* rejection(client.query(documented))
        assert.instanceOf(error, MetricsError.AuthError)
        assert.strictEqual(error.reason, "Closed")
        assert.notStrictEqual(error.hint, "")
        yield* Effect.promise(() => client.close())
      }
    })
  )

  it.scoped("await using closes the client", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const rows = yield* Effect.promise(async () => {
        await using client = createMetricsClient(
          promiseOptions(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
        )
        return await client.query(documented)
      })
      assert.lengthOf(rows, 1)
      yield* relay.awaitOpenConnections(0)
    })
  )

  it.scoped("a client without options reads the environment", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* environment({
        INNERSPACE_CLIENT_ID: sandbox.clientId,
        INNERSPACE_CLIENT_SECRET: Redacted.value(sandbox.clientSecret),
        INNERSPACE_API: "v2",
        INNERSPACE_BASE_URL: sandbox.urls.v2
      })
      const client = createMetricsClient()
      assert.lengthOf(yield* Effect.promise(() => client.query(insights)), 1)
      yield* Effect.promise(() => client.close())
    })
  )

  it.scoped("with missing settings every call rejects with the same error", () =>
    Effect.gen(function* () {
      const unhandled = yield* unhandledRejections
      yield* environment({
        INNERSPACE_CLIENT_ID: undefined,
        INNERSPACE_CLIENT_SECRET: undefined,
        INNERSPACE_API: undefined,
        INNERSPACE_BASE_URL: undefined
      })
      const client = createMetricsClient()
      for (const _ of [1, 2]) {
        const error = yield* rejection(client.query(documented))
        assert.instanceOf(error, MetricsError.ConfigurationError)
        assert.include(error.message, "INNERSPACE_CLIENT_ID is not set")
        assert.include(error.message, "INNERSPACE_CLIENT_SECRET is not set")
      }
      yield* Effect.promise(() => client.close())
      assert.deepStrictEqual(unhandled, [])
    })
  )

  it.scoped("options that are missing at run time reject with a typed error", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      // JavaScript can pass an environment variable that is not set.
      const missing = undefined as unknown as string
      for (const options of [{ clientId: missing }, { clientSecret: missing }]) {
        const client = createMetricsClient(promiseOptions(sandbox, options))
        const error = yield* rejection(client.query(documented))
        assert.instanceOf(error, MetricsError.ConfigurationError)
        assert.strictEqual(error.reason, "MissingCredentials")
        yield* Effect.promise(() => client.close())
      }
    })
  )

  const classes: ReadonlyArray<
    readonly [name: string, faults: ReadonlyArray<Fault.Fault>, type: new (fields: never) => Error]
  > = [
    ["ResponseError", [Fault.unavailable({ times: 10 })], MetricsError.ResponseError],
    ["TransportError", [Fault.reset({ times: 10 })], MetricsError.TransportError],
    ["GraphQLError", [Fault.answer({ body: '{"errors":[{}]}' })], MetricsError.GraphQLError],
    ["DecodeError", [Fault.answer({ body: '{"data":{}}' })], MetricsError.DecodeError],
    ["AuthError", [Fault.unauthorized({ times: 2 })], MetricsError.AuthError]
  ]

  for (const [name, faults, type] of classes) {
    it.scoped(`a call rejects with the library's ${name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const client = createMetricsClient(promiseOptions(sandbox, { retry: atOnce(2) }))
        yield* Effect.forEach(faults, sandbox.control.inject)
        const error = yield* rejection(client.query(documented))
        assert.isTrue(error instanceof type)
        assert.instanceOf(error, Error)
        assert.isTrue(MetricsError.isMetricsError(error))
        yield* Effect.promise(() => client.close())
      })
    )
  }
})
