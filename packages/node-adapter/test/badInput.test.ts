import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { someOf } from "../../../tools/cases.mjs"
import { apiOf, atOnce, connect, counts, documented, freshSandbox } from "./support/client.js"
import { callFailures, callOptions } from "./support/failures/call.js"
import { configurationFailures } from "./support/failures/configuration.js"
import { loginFailures, loginOptions } from "./support/failures/login.js"
import { queryFailures } from "./support/failures/query.js"
import { listen, unusedUrl } from "./support/servers/httpServer.js"
import * as Relay from "./support/servers/relay.js"

/**
 * Asserts that the message of an error names these things and a next step. The field `excerpt`, the
 * beginning of a body, is searched too.
 */
const assertExplains = (error: MetricsError, says: ReadonlyArray<string>) => {
  const excerpt = "excerpt" in error ? error.excerpt : ""
  for (const fragment of says) assert.include(`${error.message} ${excerpt}`, fragment)
  assert.notStrictEqual(error.problem, "")
  assert.notStrictEqual(error.hint, "")
  assert.include(error.message, error.problem)
  assert.include(error.message, error.hint)
}

const assertCallNamed = (error: MetricsError, attempts: number) => {
  assert.strictEqual(error.operationName, "sample_graphql")
  assert.strictEqual(error.attempts, attempts)
  assert.isString(error.requestId)
  assert.notStrictEqual(error.requestId, "")
}

layer(Sandbox.layer(), { excludeTestServices: true })("bad input", (it) => {
  for (const failure of someOf(configurationFailures, 3)) {
    it.scoped(`options: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const error = yield* Effect.flip(connect(sandbox, failure.options))
        assert.strictEqual(error._tag, "ConfigurationError")
        assert.strictEqual(error.reason, failure.reason)
        assert.isFalse(error.isRetryable)
        assertExplains(error, failure.says)
        if (failure.hides !== undefined) assert.notInclude(error.message, failure.hides)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
      })
    )
  }

  it.scoped("options: plain HTTP is accepted for every spelling of loopback", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const port = new URL(sandbox.urls.v1).port
      for (const host of ["localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433"]) {
        const { metrics } = yield* connect(sandbox, {
          api: Api.withBaseUrl(Api.v1, `http://${host}:${port}`)
        })
        assert.lengthOf(yield* metrics.query(documented), 1)
      }
    })
  )

  for (const failure of someOf(loginFailures, 3)) {
    it.scoped(`error of the token endpoint: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox, { ...loginOptions, ...failure.options })
        yield* Effect.forEach(failure.faults, sandbox.control.inject)
        const error = yield* Effect.flip(metrics.query(documented))
        assert.strictEqual(error._tag, "AuthError")
        assert.strictEqual(error.reason, failure.reason)
        assert.strictEqual("status" in error ? error.status : undefined, failure.status)
        assertExplains(error, failure.says)
        assertCallNamed(error, 0)
        assert.deepStrictEqual(yield* counts(sandbox), { token: failure.requests, graphql: 0 })
        yield* sandbox.control.clearFaults
        if (failure.reason !== "CredentialsRefused" || failure.faults.length > 0) {
          assert.lengthOf(yield* metrics.query(documented), 1)
        }
      })
    )
  }

  for (const failure of someOf(callFailures, 3)) {
    it.scoped(`error of the GraphQL endpoint: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox, { ...callOptions, ...failure.options })
        yield* Effect.forEach(failure.faults, sandbox.control.inject)
        const error = yield* Effect.flip(metrics.query(documented))
        assert.deepStrictEqual([error._tag, error.reason], [...failure.kind])
        assertExplains(error, failure.says)
        assertCallNamed(error, failure.requests)
        for (const [field, value] of Object.entries(failure.fields ?? {})) {
          assert.deepStrictEqual(Reflect.get(error, field), value, field)
        }
        assert.strictEqual((yield* counts(sandbox)).graphql, failure.requests)
        yield* sandbox.control.clearFaults
        // After the API rejects a new token, the provider waits some seconds before the next
        // request.
        if (error.reason !== "TokenRefused") {
          assert.lengthOf(yield* metrics.query(documented), 1)
        }
      })
    )
  }

  for (const failure of queryFailures) {
    it.scoped(`query: ${failure.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox)
        const error = yield* Effect.flip(metrics.query(failure.query))
        assert.deepStrictEqual([error._tag, error.reason], ["QueryError", failure.reason])
        assert.isFalse(error.isRetryable)
        assertExplains(error, failure.says)
        assert.strictEqual(error.operationName, "building_features")
        assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
        assert.lengthOf(yield* metrics.query(documented), 1)
      })
    )
  }

  it.scoped(
    "a hand-written document with a field that the server does not have fails with its message",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox)
        const error = yield* Effect.flip(
          metrics.execute({ document: "query { nothing_here { id } }", schema: Schema.Unknown })
        )
        assert.deepStrictEqual([error._tag, error.reason], ["GraphQLError", "Invalid"])
        assertExplains(error, ["nothing_here", "validation-failed", "schema"])
      })
  )

  it.scoped(
    "a hand-written document whose data does not fit its Schema fails with a DecodeError",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox)
        const error = yield* Effect.flip(
          metrics.execute({
            document: "query Named { building_features(limit: 1) { building_id } }",
            operationName: "Named",
            schema: Schema.Struct({
              building_features: Schema.Array(Schema.Struct({ building_id: Schema.Boolean }))
            })
          })
        )
        assert.deepStrictEqual([error._tag, error.reason], ["DecodeError", "SchemaMismatch"])
        assertExplains(error, ["data.building_features.0.building_id", "boolean"])
        assert.strictEqual(error.operationName, "Named")
        assert.strictEqual(error.attempts, 1)
      })
  )

  it.scoped("variables that JSON cannot represent fail with a typed error", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox)
      // JavaScript can pass a bigint, which the type of the variables excludes.
      const variables = { id: 71n } as unknown as { readonly id: number }
      const error = yield* Effect.flip(
        metrics.execute({ document: "query { __typename }", variables, schema: Schema.Unknown })
      )
      assert.deepStrictEqual([error._tag, error.reason], ["QueryError", "InvalidValue"])
      assertExplains(error, ["variables", "bigint"])
      assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
    })
  )

  it.scoped("a token endpoint that refuses connections fails with its host and code", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const url = yield* unusedUrl
      const { metrics } = yield* connect(sandbox, {
        ...loginOptions,
        api: Api.withBaseUrl(Api.v1, url)
      })
      const error = yield* Effect.flip(metrics.query(documented))
      assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "Unreachable"])
      assertExplains(error, [new URL(url).host, "ECONNREFUSED", "base URL"])
      assert.isTrue(error.isRetryable)
      assertCallNamed(error, 0)
    })
  )

  it.scoped("a GraphQL endpoint that refuses connections fails with its host and code", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const gate = yield* Relay.make(sandbox.urls.v1)
      const { metrics, tokens } = yield* connect(sandbox, {
        retry: atOnce(2),
        api: Api.withBaseUrl(Api.v1, gate.url)
      })
      yield* tokens.get
      yield* gate.close
      const error = yield* Effect.flip(metrics.query(documented))
      assert.deepStrictEqual([error._tag, error.reason], ["TransportError", "Unreachable"])
      assertExplains(error, [new URL(gate.url).host, "ECONNREFUSED", "base URL"])
      assertCallNamed(error, 2)
    })
  )

  it.scoped("a server without TLS behind an https base URL fails with a typed error", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, {
        ...loginOptions,
        api: Api.withBaseUrl(Api.v1, sandbox.urls.v1.replace("http:", "https:"))
      })
      const error = yield* Effect.flip(metrics.query(documented))
      assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "Insecure"])
      assertExplains(error, ["localhost", "TLS"])
    })
  )

  it.scoped("redirects are not followed, so credentials are not sent to another host", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      let visits = 0
      const elsewhere = yield* listen((_request, response) => {
        visits++
        response.end("{}")
      })
      for (const status of [301, 302, 303, 307, 308]) {
        // Each status gets a new provider, because a provider waits after the API has rejected a
        // new token.
        const { metrics, tokens } = yield* connect(sandbox)
        yield* sandbox.control.inject(
          Fault.answer({ status, headers: { location: elsewhere.url }, body: "" })
        )
        const error = yield* Effect.flip(metrics.query(documented))
        assert.deepStrictEqual([error._tag, error.reason], ["ResponseError", "Redirected"])
        yield* tokens.invalidate(yield* tokens.get)
        yield* sandbox.control.inject(
          Fault.answer({ target: "token", status, headers: { location: elsewhere.url }, body: "" })
        )
        assert.strictEqual((yield* Effect.flip(tokens.get)).reason, "InvalidAnswer")
      }
      assert.strictEqual(visits, 0)
    })
  )

  it.scoped("v2's paths on v1's host fail with a hint at the API generation", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, {
        api: Api.withBaseUrl(Api.v2, apiOf(sandbox).baseUrl)
      })
      const error = yield* Effect.flip(metrics.query(documented))
      assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "InvalidAnswer"])
      assertExplains(error, ["404", "resource does not exist", "API generation"])
    })
  )
})
