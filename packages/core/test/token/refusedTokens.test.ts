/** Tests how many requests are sent if an API refuses every token, and which tokens are kept. */
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import { key, makeEndpoint, makeTexts, settled, text, tokenOf } from "../support/storedTokens.js"
import { answer, answered, clientOver, oneToken, typename } from "../support/transportClient.js"

/** Gets a token, and reports at once that the API refused it. */
const refuse = (provider: TokenProvider.TokenProvider) =>
  Effect.tap(provider.get, provider.invalidate)

/** The milliseconds for which the provider requests no new token. */
const pauseOf = (provider: TokenProvider.TokenProvider) =>
  Effect.map(Effect.flip(provider.get), (error: AuthError) => {
    assert.strictEqual(error.reason, "TokenRefused")
    assert.isFalse(error.isRetryable)
    assert.match(error.problem, /rejected the last \d+ access tokens.*no new one is requested for/)
    return Duration.toMillis(error.retryAfter ?? 0)
  })

describe("pause after a new token was refused", () => {
  it.scoped(
    "after a new token was refused, a provider fails at once without a request, for 5 seconds and then up to a minute",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(3_600)
        const provider = yield* TokenProvider.cached(endpoint.acquire)
        yield* refuse(provider)
        yield* refuse(provider)
        for (const seconds of [5, 10, 20, 40, 60, 60]) {
          const before = endpoint.requests()
          assert.strictEqual(yield* pauseOf(provider), seconds * 1_000)
          yield* TestClock.adjust(Duration.millis(seconds * 1_000 - 1))
          assert.strictEqual(yield* pauseOf(provider), 1)
          assert.strictEqual(endpoint.requests(), before)
          yield* TestClock.adjust(1)
          yield* refuse(provider)
          assert.strictEqual(endpoint.requests(), before + 1)
        }
      })
  )

  it.scoped("a provider does not pause after a token was accepted", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      yield* refuse(provider)
      yield* refuse(provider)
      yield* TestClock.adjust("5 seconds")
      const good = yield* provider.get
      yield* TestClock.adjust("1 minute")
      yield* provider.invalidate(good)
      assert.strictEqual(text(yield* provider.get), "token-4")
    })
  )

  it.scoped(
    "a provider requests a token at once if the refused tokens were not new, because sessions may end each hour",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(86_400)
        const provider = yield* TokenProvider.cached(endpoint.acquire)
        for (let hour = 1; hour <= 10; hour++) {
          yield* refuse(provider)
          assert.strictEqual(text(yield* provider.get), `token-${hour + 1}`)
          yield* TestClock.adjust("1 hour")
        }
      })
  )
})

/** A server that refuses some tokens, and the tokens that it received. */
const makeServer = (refuses: (token: string) => boolean) => {
  const sent: Array<string> = []
  return {
    sent,
    client: (tokens: TokenProvider.TokenProvider) =>
      clientOver(
        ({ headers }) =>
          Effect.sync(() => {
            const token = (headers["authorization"] ?? "").replace("Bearer ", "")
            sent.push(token)
            return refuses(token) ? answer(401, '{"error":"no"}') : answered
          }),
        { retry: RetryPolicy.make({ baseDelay: 0 }) },
        Layer.succeed(TokenProvider.TokenProvider, tokens)
      )
  }
}

describe("an API that refuses every token", () => {
  it.scoped(
    "calls to an API that refuses every token cost one token per pause, and quote the first refusal",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(3_600)
        const server = makeServer(() => true)
        const metrics = yield* server.client(yield* TokenProvider.cached(endpoint.acquire))
        const call = Effect.flip(metrics.execute(typename))
        assert.include((yield* call).problem, "rejected a new token: no")
        assert.deepStrictEqual(server.sent, ["token-1", "token-2"])
        for (let number = 0; number < 100; number++) {
          assert.strictEqual((yield* call).reason, "TokenRefused")
        }
        assert.deepStrictEqual([endpoint.requests(), server.sent.length], [2, 2])
        yield* TestClock.adjust("5 seconds")
        const error = yield* call
        // Only one request was sent, because the provider had no other token for a second attempt.
        assert.include(error.problem, "rejected the token: no")
        assert.deepStrictEqual(Duration.toMillis(error.retryAfter ?? 0), 10_000)
        assert.deepStrictEqual([endpoint.requests(), server.sent.length], [3, 3])
      })
  )

  it.scoped(
    "tokens that were accepted are renewed at once, however fast the refusals follow each other",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(3_600)
        let isEnded = false
        const refused = new Set<string>()
        const server = makeServer((token) => {
          if (isEnded) refused.add(token)
          isEnded = false
          return refused.has(token)
        })
        const metrics = yield* server.client(yield* TokenProvider.cached(endpoint.acquire))
        for (let session = 1; session <= 20; session++) {
          yield* metrics.execute(typename)
          isEnded = true
        }
        assert.strictEqual(endpoint.requests(), 20)
      })
  )

  it.scoped(
    "calls to an API that refuses every token send at most two requests, however many clients share a store",
    () =>
      Effect.gen(function* () {
        const { store } = yield* makeTexts
        const endpoint = makeEndpoint(3_600)
        const server = makeServer(() => true)
        const clients = yield* Effect.forEach(Array.from({ length: 10 }), () =>
          Effect.flatMap(
            TokenProvider.cached(Effect.zipLeft(endpoint.acquire, Effect.yieldNow()), {
              store: TokenStore.place(store, key)
            }),
            server.client
          )
        )
        for (let round = 0; round < 10; round++) {
          yield* Effect.forEach(
            clients,
            (metrics) =>
              Effect.map(Effect.flip(metrics.execute(typename)), (error) => {
                assert.isAtMost(error.attempts ?? 0, 2)
              }),
            { concurrency: "unbounded" }
          )
          yield* TestClock.adjust("5 seconds")
        }
        assert.isAtMost(endpoint.requests(), 60)
      })
  )
})

describe("a refused token that cannot be replaced", () => {
  it.scoped(
    "a refused token is not sent again if its source returns it again, and the source is not asked again at once",
    () =>
      Effect.gen(function* () {
        const asked: Array<boolean> = []
        let signedIn = "old"
        const tokens = yield* TokenProvider.cached(({ refused }) =>
          Effect.suspend(() => {
            asked.push(refused !== undefined)
            return tokenOf(signedIn, 3_600)
          })
        )
        const server = makeServer((token) => token === "old")
        const metrics = yield* server.client(tokens)
        const call = metrics.execute(typename)
        const error = yield* Effect.flip(call)
        assert.include(error.problem, "The API rejected the token: no")
        assert.deepStrictEqual(error.retryAfter, Duration.seconds(5))
        signedIn = "new"
        assert.include((yield* Effect.flip(call)).problem, "no new one is requested for 5s")
        assert.deepStrictEqual([server.sent, asked], [["old"], [false, true]])
        yield* TestClock.adjust("5 seconds")
        yield* call
        assert.deepStrictEqual(
          [server.sent, asked],
          [
            ["old", "new"],
            [false, true, true]
          ]
        )
      })
  )

  it.effect(
    "a refused token that cannot be replaced fails the call with the provider's error",
    () =>
      Effect.gen(function* () {
        const tokens = yield* Effect.provide(TokenProvider.TokenProvider, oneToken)
        let isRefused = false
        const server = makeServer(() => true)
        const metrics = yield* server.client({
          get: Effect.suspend(() =>
            isRefused
              ? new AuthError({ reason: "CredentialsRefused", problem: "no token", hint: "wait" })
              : tokens.get
          ),
          invalidate: () =>
            Effect.sync(() => {
              isRefused = true
            })
        })
        const error = yield* Effect.flip(metrics.execute(typename, { retry: RetryPolicy.none }))
        assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "CredentialsRefused"])
        assert.lengthOf(server.sent, 1)
      })
  )
})

describe("tokens of other processes", () => {
  /** Stores a token as another process would. */
  const store = (name: string, store: TokenStore.TokenStore) =>
    Effect.flatMap(tokenOf(name, 3_600), (token) => store.set(key, token))

  it.scoped("a refused token of another process leads to a new token, without a pause", () =>
    Effect.gen(function* () {
      const { store: texts } = yield* makeTexts
      const endpoint = makeEndpoint(3_600)
      const server = makeServer((token) => token.startsWith("other"))
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        store: TokenStore.place(texts, key)
      })
      const metrics = yield* server.client(provider)
      yield* store("other-1", texts)
      yield* Effect.fork(Effect.zipRight(settled, store("other-2", texts)))
      yield* Effect.ignore(metrics.execute(typename))
      yield* metrics.execute(typename)
      assert.strictEqual(server.sent.at(-1), "token-1")
    })
  )

  /** Two providers with their own tokens and one store, which has the second token. */
  const twoProviders = Effect.gen(function* () {
    const { store: texts } = yield* makeTexts
    const endpoint = makeEndpoint(3_600)
    const make = TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(texts, key) })
    const [first, second] = [yield* make, yield* make]
    assert.strictEqual(text(yield* first.get), "token-1")
    yield* texts.remove(key, yield* first.get)
    yield* TestClock.adjust("1 second")
    assert.strictEqual(text(yield* second.get), "token-2")
    yield* TestClock.adjust("2 minutes")
    return { endpoint, first, second }
  })

  it.scoped(
    "a stored token from before a refusal is not used after it, because the API may have ended all sessions",
    () =>
      Effect.gen(function* () {
        const { endpoint, first } = yield* twoProviders
        yield* refuse(first)
        assert.strictEqual(text(yield* first.get), "token-3")
        assert.strictEqual(endpoint.requests(), 3)
      })
  )

  it.scoped(
    "a stored token that replaced a refused one serves all providers whose tokens are refused later",
    () =>
      Effect.gen(function* () {
        const { endpoint, first, second } = yield* twoProviders
        yield* refuse(first)
        yield* first.get
        yield* TestClock.adjust("1 minute")
        yield* refuse(second)
        assert.strictEqual(text(yield* second.get), "token-3")
        assert.strictEqual(endpoint.requests(), 3)
      })
  )

  it.scoped("after two refusals only stored tokens that were obtained since are used", () =>
    Effect.gen(function* () {
      const { store: texts } = yield* makeTexts
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        store: TokenStore.place(texts, key)
      })
      yield* store("other-1", texts)
      assert.strictEqual(text(yield* refuse(provider)), "other-1")
      yield* settled
      yield* TestClock.adjust(1)
      yield* store("other-2", texts)
      yield* TestClock.adjust(1)
      assert.strictEqual(text(yield* refuse(provider)), "other-2")
      yield* settled
      yield* store("other-3", texts)
      assert.strictEqual(text(yield* provider.get), "other-3")
    })
  )
})

describe("tokens in the errors of a call", () => {
  /** A provider that returns another token after each refusal. */
  const numbered = (): TokenProvider.TokenProvider => {
    let number = 1
    return {
      get: Effect.suspend(() =>
        AccessToken.make({
          value: Redacted.make(`canary-token-of-the-call/${number}`),
          header: Api.v1.credential
        })
      ),
      invalidate: () => Effect.sync(() => number++)
    }
  }

  for (const [name, response] of [
    ["text", answer(500, "canary-token-of-the-call/1 gave way to canary-token-of-the-call%2f2")],
    ["JSON", answer(500, '{"error":"canary-token-of-the-call\\/1, canary-token-of-the-call/2"}')],
    ["an error of GraphQL", answer(200, '{"errors":[{"message":"canary-token-of-the-call/1"}]}')],
    [
      "an error that is not an object",
      answer(200, `{"errors":["${"x".repeat(180)}canary-token-of-the-call/1"]}`)
    ]
  ] as const) {
    it.effect(`the error of a replayed call contains neither token, in ${name}`, () =>
      Effect.gen(function* () {
        let requests = 0
        const metrics = yield* clientOver(
          () => Effect.sync(() => (++requests === 1 ? answer(401, "") : response)),
          { retry: RetryPolicy.none },
          Layer.succeed(TokenProvider.TokenProvider, numbered())
        )
        const error = yield* Effect.flip(metrics.execute(typename))
        assert.notInclude(JSON.stringify(error) + String(error.stack), "canary")
        assert.include(error.message + JSON.stringify(error), "<redacted>")
      })
    )
  }

  const token = `canary.${"token".repeat(20)}.canary`
  for (const [name, schema, echo] of [
    ["a text of at most 30 characters", Schema.String.pipe(Schema.maxLength(30)), token],
    ["a text without a full stop", Schema.String.pipe(Schema.pattern(/^[^.]*$/)), token],
    ["a number", Schema.Number, token],
    ["a list", Schema.Array(Schema.String.pipe(Schema.maxLength(30))), [token, "x", token]]
  ] as const) {
    it.effect(`a token in the response's data is redacted in the error of a Schema: ${name}`, () =>
      Effect.gen(function* () {
        const metrics = yield* clientOver(
          () => Effect.succeed(answer(200, JSON.stringify({ data: { echo } }))),
          { retry: RetryPolicy.none },
          TokenProvider.layerStatic({ value: Redacted.make(token), header: Api.v1.credential })
        )
        const error = yield* Effect.flip(
          metrics.execute({
            document: "{ echo }",
            schema: Schema.Struct({ echo: schema as Schema.Schema<unknown, unknown> })
          })
        )
        assert.strictEqual(`${error._tag} ${error.reason}`, "DecodeError SchemaMismatch")
        assert.notInclude(JSON.stringify(error) + String(error.stack), "canary")
      })
    )
  }
  it.effect("data that matches the Schema is returned unchanged, even with a token in it", () =>
    Effect.gen(function* () {
      const metrics = yield* clientOver(
        () => Effect.succeed(answer(200, JSON.stringify({ data: { echo: token } }))),
        {},
        TokenProvider.layerStatic({ value: Redacted.make(token), header: Api.v1.credential })
      )
      const data = yield* metrics.execute({
        document: "{ echo }",
        schema: Schema.Struct({ echo: Schema.String })
      })
      assert.deepStrictEqual(data, { echo: token })
    })
  )
})
