/** Tests errors of the token endpoint, with any status and in any format. */
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"

interface Answer {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body: string
}

const granted: Answer = { body: '{"access_token":"token","expires_in":3600}' }

/**
 * A provider whose endpoint sends these responses one after the other, and then tokens. Also
 * returns the number of requests.
 */
const providerOf = (
  answers: ReadonlyArray<Answer>,
  {
    api = Api.v1,
    retry = RetryPolicy.none
  }: { api?: Api.Api; retry?: RetryPolicy.RetryPolicy } = {}
) => {
  const asked = { times: 0 }
  const transport: HttpExchange.Transport = (_request, _secrets, _options, done) => {
    const { status = 200, headers = {}, body } = answers[asked.times++] ?? granted
    done(Either.right({ status, headers, body: [new TextEncoder().encode(body)] }))
    return () => {}
  }
  return Effect.map(
    NodeTokenProvider.makeWithTransport(transport, {
      clientId: "somebody",
      clientSecret: Redacted.make("canary-secret"),
      api,
      retry
    }),
    (provider) => ({ get: provider.get, asked })
  )
}

const errorOf = (answer: Answer, api?: Api.Api) =>
  Effect.scoped(
    Effect.flatMap(providerOf([answer], api === undefined ? {} : { api }), ({ get }) =>
      Effect.flip(get)
    )
  )

/**
 * The reason of the error for each error code. The codes are those of RFC 6749 and of other
 * servers. Any other code means that the server rejected the credentials.
 */
const meanings: { readonly [code: string]: AuthError["reason"] } = {
  invalid_client: "CredentialsRefused",
  unauthorized_client: "CredentialsRefused",
  access_denied: "CredentialsRefused",
  invalid_grant: "CredentialsRefused",
  invalid_request: "CredentialsRefused",
  unsupported_grant_type: "CredentialsRefused",
  incorrect_client_credentials: "CredentialsRefused",
  something_new: "CredentialsRefused",
  temporarily_unavailable: "Unavailable",
  server_error: "Unavailable",
  "postgres-error": "Unavailable",
  unexpected: "Unavailable",
  slow_down: "RateLimited",
  too_many_requests: "RateLimited"
}

const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }

/** An error with a code and a text, in all formats that token endpoints use. */
const shapes: {
  readonly [name: string]: (code: string, text: string) => Answer & { readonly api?: Api.Api }
} = {
  "OAuth's": (error, error_description) => ({ body: JSON.stringify({ error, error_description }) }),
  "OAuth's with an empty token": (error, error_description) => ({
    body: JSON.stringify({ access_token: "", error, error_description })
  }),
  "OAuth's in a form": (error, error_description) => ({
    headers: form,
    body: new URLSearchParams({ error, error_description }).toString()
  }),
  "OAuth's where the token would be": (error, error_description) => ({
    api: Api.v1_5,
    body: JSON.stringify({ oauth_token: { error, error_description } })
  }),
  "an object": (code, message) => ({ body: JSON.stringify({ error: { code, message } }) }),
  "GraphQL's": (code, message) => ({
    body: JSON.stringify({ errors: [{ message, extensions: { code } }] })
  }),
  "a text and a code": (code, error) => ({ body: JSON.stringify({ path: "$", error, code }) })
}

describe("an error of the token endpoint", () => {
  for (const [name, shape] of Object.entries(shapes)) {
    it.effect(`an error in the format ${name} is read with status 200, 400, 401 and 403`, () =>
      Effect.gen(function* () {
        for (const [code, reason] of Object.entries(meanings)) {
          const { api, ...answer } = shape(code, "the reason canary-secret")
          for (const status of [200, 400, 401, 403]) {
            const error = yield* errorOf({ ...answer, status }, api)
            assert.strictEqual(error.reason, reason, `${code} ${status}`)
            assert.strictEqual(error.status, status)
            assert.include(error.problem, "the reason <redacted>")
            if (!name.startsWith("GraphQL") && !name.startsWith("a text and")) {
              assert.include(error.problem, code)
            }
          }
        }
      })
    )
  }

  it.effect("an error nested without end is a typed error", () =>
    Effect.gen(function* () {
      const depth = 40_000
      const body = `${'{"error":'.repeat(depth)}"no"${"}".repeat(depth)}`
      const error = yield* errorOf({ body, status: 200 })
      assert.strictEqual(error._tag, "AuthError")
    })
  )

  it.effect("a response with a token is a success, whatever else it contains", () =>
    Effect.gen(function* () {
      for (const beside of [
        { error: "" },
        { error: null },
        { message: "welcome" },
        { errors: [] }
      ]) {
        const body = JSON.stringify({ access_token: "token", ...beside })
        const { get } = yield* providerOf([{ body }])
        assert.strictEqual(Redacted.value((yield* get).value), "token")
      }
      for (const body of ['{"message":"canary"}', '{"code":"canary"}', '{"error":""}', "{}"]) {
        const error = yield* errorOf({ body })
        assert.strictEqual(error.reason, "InvalidAnswer")
        assert.notInclude(error.message, "canary")
      }
    }).pipe(Effect.scoped)
  )

  it.effect("the status outranks the code if the server is unavailable or busy", () =>
    Effect.gen(function* () {
      for (const [status, reason] of [
        [408, "Unavailable"],
        [429, "RateLimited"],
        [500, "Unavailable"],
        [503, "Unavailable"]
      ] as const) {
        const error = yield* errorOf({ status, body: '{"error":"access_denied"}' })
        assert.strictEqual(error.reason, reason)
      }
    })
  )
})

describe("a rejection that is not the token endpoint's", () => {
  it.effect("a rejection by a firewall or proxy does not blame the credentials", () =>
    Effect.gen(function* () {
      for (const status of [400, 401, 403]) {
        for (const body of ["<html>Request blocked.</html>", "error code: 1020"]) {
          const error = yield* errorOf({ status, body })
          assert.deepStrictEqual([error.reason, error.isRetryable], ["InvalidAnswer", false])
          assert.include(error.hint, "firewall or proxy")
          assert.notInclude(error.hint, "secret")
        }
        for (const body of ["", '{"error":"access_denied"}', "[]"]) {
          const error = yield* errorOf({ status, body })
          assert.strictEqual(error.reason, "CredentialsRefused")
          assert.include(error.hint, "client secret")
        }
      }
    })
  )

  it.effect("a 407 names the credentials of the proxy", () =>
    Effect.gen(function* () {
      const error = yield* errorOf({ status: 407, body: "<html>" })
      assert.deepStrictEqual([error.reason, error.isRetryable], ["ProxyRefused", false])
      assert.match(error.hint, /password.*proxy/)
    })
  )
})

describe("quota headers of the token endpoint", () => {
  const headers = { "x-ratelimit-remaining": "98", "x-ratelimit-reset": "45" }

  for (const [status, code, isLimit] of [
    [401, "access_denied", false],
    [403, "unauthorized_client", false],
    [400, "invalid_request", false],
    [200, "incorrect_client_credentials", false],
    [500, "server_error", false],
    [400, "temporarily_unavailable", false],
    [404, "not-found", false],
    [429, "access_denied", true],
    [403, "too_many_requests", true],
    [200, "slow_down", true]
  ] as const) {
    it.effect(
      `quota headers are ${isLimit ? "" : "not "}a wait with status ${status} and code ${code}`,
      () =>
        Effect.gen(function* () {
          const body = JSON.stringify({ error: code })
          const error = yield* errorOf({ status, headers, body })
          const usual = yield* errorOf({ status, body })
          assert.deepStrictEqual(error.retryAfter, isLimit ? Duration.seconds(45) : undefined)
          assert.strictEqual(error.hint, isLimit ? "Try again in 45s" : usual.hint)
        })
    )
  }
})

describe("a wait that the token endpoint asks for", () => {
  const limited = (seconds: number): Answer => ({
    status: 429,
    headers: { "retry-after": String(seconds) },
    body: "{}"
  })

  it.scoped.prop(
    "all callers of a provider observe the wait, even after some could not wait",
    [
      FastCheck.integer({ min: 1, max: 60 }),
      FastCheck.array(FastCheck.nat(59_000), { minLength: 1, maxLength: 6 })
    ],
    ([seconds, arrivals]) =>
      Effect.gen(function* () {
        const retry = RetryPolicy.make({ attempts: 3, baseDelay: 0, deadline: "5 seconds" })
        const { asked, get } = yield* providerOf([limited(seconds)], { retry })
        const fibers = yield* Effect.forEach([0, ...arrivals], (arrival) =>
          Effect.fork(Effect.delay(Effect.either(get), arrival))
        )
        yield* TestClock.adjust(seconds * 1_000 - 1)
        assert.strictEqual(asked.times, 1)
        yield* TestClock.adjust("2 minutes")
        for (const [index, fiber] of fibers.entries()) {
          const result = yield* Fiber.join(fiber)
          const left = seconds * 1_000 - (arrivals[index - 1] ?? 0)
          if (left < 5_000) assert.isTrue(Either.isRight(result))
          else assert.strictEqual(Either.isLeft(result) && result.left.reason, "RateLimited")
        }
        yield* get
        assert.strictEqual(asked.times, 2)
      })
  )

  it.scoped(
    "a call that cannot wait as long as the token endpoint asks fails at once, without a request",
    () =>
      Effect.gen(function* () {
        const { asked, get } = yield* providerOf([limited(90)])
        assert.deepStrictEqual((yield* Effect.flip(get)).retryAfter, Duration.seconds(90))
        yield* TestClock.adjust("31 seconds")
        const error = yield* Effect.flip(get)
        assert.deepStrictEqual([error.reason, error.isRetryable], ["RateLimited", true])
        assert.deepStrictEqual(error.retryAfter, Duration.seconds(59))
        assert.strictEqual(error.hint, "Try again in 59s")
        assert.strictEqual(asked.times, 1)
        yield* TestClock.adjust("59 seconds")
        yield* get
        assert.strictEqual(asked.times, 2)
      })
  )

  it.scoped("a wait that the token endpoint asks for lasts an hour at most", () =>
    Effect.gen(function* () {
      const { get } = yield* providerOf([limited(999_999_999)])
      assert.deepStrictEqual((yield* Effect.flip(get)).retryAfter, Duration.days(30))
      yield* TestClock.adjust("59 minutes")
      yield* Effect.flip(get)
      yield* TestClock.adjust("1 minute")
      yield* get
    })
  )
})
