import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"

/** A token endpoint that the test controls. It numbers its tokens and responds when told to. */
const makeEndpoint = (options: { readonly expiresIn?: number } = {}) => {
  let requests = 0
  let gate: Deferred.Deferred<void> | undefined
  let failure: AuthError | undefined
  return {
    requests: () => requests,
    /** Makes later requests wait until the returned `Deferred` is completed. */
    hold: Effect.map(Deferred.make<void>(), (made) => {
      gate = made
      return made
    }),
    /** Makes later requests respond at once. */
    letGo: () => {
      gate = undefined
    },
    answerWith: (error: AuthError | undefined) => {
      failure = error
    },
    acquire: Effect.suspend(() => {
      requests++
      const number = requests
      return Effect.zipRight(
        gate === undefined ? Effect.void : Deferred.await(gate),
        Effect.suspend(() =>
          failure === undefined
            ? AccessToken.make({
                value: Redacted.make(`token-${number}`),
                header: Api.v1.credential,
                ...(options.expiresIn === undefined ? {} : { expiresIn: options.expiresIn })
              })
            : Effect.fail(failure)
        )
      )
    })
  }
}

const refused = new AuthError({
  reason: "CredentialsRefused",
  problem: "The token endpoint responded with status 401",
  hint: "Check the secret"
})

const unavailable = new AuthError({
  reason: "Unavailable",
  problem: "The token endpoint responded with status 503",
  hint: "Try again",
  status: 503,
  retryAfter: Duration.zero
})

const text = (token: AccessToken.AccessToken) => Redacted.value(token.value)

/** Lets the fibers that the last step started run until all of them wait. */
const settled = Effect.repeatN(Effect.yieldNow(), 20)

const once = RetryPolicy.make({ attempts: 1 })

/**
 * Gets a token, and reports after a minute that the API refused it. After a minute the token is no
 * longer new, so the provider requests another token.
 */
const renew = (provider: TokenProvider.TokenProvider) =>
  Effect.flatMap(provider.get, (token) =>
    Effect.zipRight(TestClock.adjust("1 minute"), provider.invalidate(token))
  )

describe("the argument of acquire", () => {
  it.scoped("acquire gets the refused token until another one has been obtained", () =>
    Effect.gen(function* () {
      const asked: Array<string | undefined> = []
      let failures = 1
      const provider = yield* TokenProvider.cached(({ refused }) =>
        Effect.suspend(() => {
          asked.push(refused === undefined ? undefined : text(refused))
          return asked.length > 1 && failures-- > 0
            ? Effect.fail(unavailable)
            : AccessToken.make({
                value: Redacted.make(`token-${asked.length}`),
                header: Api.v1.credential,
                expiresIn: 600
              })
        })
      )
      const first = yield* provider.get
      yield* provider.invalidate(first)
      const second = yield* Effect.fork(provider.get)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(text(yield* Fiber.join(second)), "token-3")
      yield* TestClock.adjust("580 seconds")
      yield* provider.get
      assert.deepStrictEqual(asked, [undefined, "token-1", "token-1", undefined])
    })
  )
})

describe("one token request for all callers", () => {
  it.scoped("a thousand callers of a provider without a token share one request", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const tokens = yield* Effect.all(
        Array.from({ length: 1_000 }, () => provider.get),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(endpoint.requests(), 1)
      assert.isTrue(tokens.every((token) => text(token) === "token-1"))
    })
  )

  it.scoped("interrupting the caller that began a token request leaves it to the others", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      const gate = yield* endpoint.hold
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const leader = yield* Effect.fork(provider.get)
      yield* settled
      const follower = yield* Effect.fork(provider.get)
      yield* settled
      yield* Fiber.interrupt(leader)
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(text(yield* Fiber.join(follower)), "token-1")
      assert.strictEqual(endpoint.requests(), 1)
    })
  )

  it.scoped("a caller's timeout ends only its wait, and the next caller gets the token", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      const gate = yield* endpoint.hold
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const impatient = yield* Effect.fork(Effect.timeoutOption(provider.get, "1 second"))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(impatient))._tag, "None")
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(text(yield* provider.get), "token-1")
      assert.strictEqual(endpoint.requests(), 1)
    })
  )
})

describe("closing the layer of a provider", () => {
  it.effect("closing the layer fails waiting callers with a typed error", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      yield* endpoint.hold
      const scope = yield* Scope.make()
      const provider = yield* Scope.extend(TokenProvider.cached(endpoint.acquire), scope)
      const waiting = yield* Effect.fork(Effect.either(provider.get))
      yield* settled
      yield* Scope.close(scope, Exit.void)
      const result = yield* Fiber.join(waiting)
      assert.isTrue(Either.isLeft(result) && result.left.reason === "Closed")
    })
  )

  it.effect("closing the layer aborts the token request in flight", () =>
    Effect.gen(function* () {
      const interrupted = yield* Deferred.make<void>()
      const scope = yield* Scope.make()
      const provider = yield* Scope.extend(
        TokenProvider.cached(
          Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined))
        ),
        scope
      )
      yield* Effect.fork(provider.get)
      yield* settled
      yield* Scope.close(scope, Exit.void)
      yield* Deferred.await(interrupted)
    })
  )

  it.effect(
    "after closing the layer a provider fails with a typed error, even with a valid token",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint()
        const scope = yield* Scope.make()
        const provider = yield* Scope.extend(TokenProvider.cached(endpoint.acquire), scope)
        yield* provider.get
        yield* Scope.close(scope, Exit.void)
        const error = yield* Effect.flip(provider.get)
        assert.strictEqual(error.reason, "Closed")
        assert.strictEqual(endpoint.requests(), 1)
      })
  )
})

describe("renewal before the expiry", () => {
  it.scoped(
    "a provider returns the old token and renews it in the background in its last two minutes",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint({ expiresIn: 3_600 })
        const provider = yield* TokenProvider.cached(endpoint.acquire)
        yield* provider.get
        yield* TestClock.adjust(Duration.seconds(3_600 - 121))
        yield* provider.get
        assert.strictEqual(endpoint.requests(), 1)
        yield* TestClock.adjust("2 seconds")
        const gate = yield* endpoint.hold
        assert.strictEqual(text(yield* provider.get), "token-1")
        assert.strictEqual(text(yield* provider.get), "token-1")
        yield* settled
        assert.strictEqual(endpoint.requests(), 2)
        yield* Deferred.succeed(gate, undefined)
        yield* settled
        assert.strictEqual(text(yield* provider.get), "token-2")
        assert.strictEqual(endpoint.requests(), 2)
      })
  )

  it.scoped("a provider waits for the new token in the last thirty seconds", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint({ expiresIn: 3_600 })
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      yield* provider.get
      yield* TestClock.adjust(Duration.seconds(3_600 - 30))
      assert.strictEqual(text(yield* provider.get), "token-2")
    })
  )

  it.scoped("both renewal windows shrink with a short lifetime", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint({ expiresIn: 10 })
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      yield* provider.get
      yield* TestClock.adjust("7900 millis")
      yield* provider.get
      assert.strictEqual(endpoint.requests(), 1, "not yet in the last fifth")
      yield* TestClock.adjust("200 millis")
      assert.strictEqual(text(yield* provider.get), "token-1")
      yield* settled
      assert.strictEqual(endpoint.requests(), 2, "renewed behind")
      yield* TestClock.adjust("9600 millis")
      assert.strictEqual(text(yield* provider.get), "token-3", "waited in the last twentieth")
    })
  )

  it.scoped("a token without an expiry is kept until it is refused", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const token = yield* provider.get
      yield* TestClock.adjust("3650 days")
      assert.strictEqual(yield* provider.get, token)
    })
  )

  it.scoped(
    "after a failed renewal the old token stays in use, with one warning and no renewal per call",
    () =>
      Effect.gen(function* () {
        const logged: Array<unknown> = []
        const logger = Logger.make(({ message }) => {
          logged.push(message)
        })
        const endpoint = makeEndpoint({ expiresIn: 3_600 })
        const provider = yield* TokenProvider.cached(endpoint.acquire, { retry: once }).pipe(
          Effect.provide(Logger.replace(Logger.defaultLogger, logger))
        )
        yield* provider.get
        yield* TestClock.adjust(Duration.seconds(3_600 - 100))
        endpoint.answerWith(unavailable)
        for (let call = 0; call < 50; call++) {
          assert.strictEqual(text(yield* provider.get), "token-1")
          yield* settled
        }
        assert.strictEqual(endpoint.requests(), 2)
        assert.strictEqual(logged.length, 1)
        yield* TestClock.adjust("5 seconds")
        endpoint.answerWith(undefined)
        yield* provider.get
        yield* settled
        assert.strictEqual(text(yield* provider.get), "token-3")
      })
  )
})

describe("failures of token requests", () => {
  it.scoped("a failed token request reaches all waiting callers and is not cached", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      endpoint.answerWith(refused)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const results = yield* Effect.all(
        Array.from({ length: 10 }, () => Effect.either(provider.get)),
        { concurrency: "unbounded" }
      )
      assert.isTrue(
        results.every((result) => Either.isLeft(result) && result.left.message === refused.message)
      )
      assert.strictEqual(endpoint.requests(), 1)
      endpoint.answerWith(undefined)
      assert.strictEqual(text(yield* provider.get), "token-2")
    })
  )

  it.scoped("transient failures are retried within one token request", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      endpoint.answerWith(unavailable)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const waiting = yield* Effect.fork(provider.get)
      yield* settled
      endpoint.answerWith(undefined)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(text(yield* Fiber.join(waiting)), "token-2")
    })
  )

  it.scoped("token retries never exceed the budget, however many callers follow each other", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint({ expiresIn: 600 })
      endpoint.answerWith(unavailable)
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        retry: RetryPolicy.make({ attempts: 3, baseDelay: 0, budget: 5 })
      })
      for (let call = 0; call < 20; call++) yield* Effect.flip(provider.get)
      assert.strictEqual(endpoint.requests(), 20 + 5)
      endpoint.answerWith(undefined)
      for (let renewal = 0; renewal < 10; renewal++) yield* renew(provider)
      endpoint.answerWith(unavailable)
      const before = endpoint.requests()
      yield* Effect.flip(provider.get)
      assert.strictEqual(endpoint.requests() - before, 2, "ten successes give one retry back")
    })
  )

  it.scoped.prop(
    "an error without a retry names the budget, and is otherwise unchanged",
    [FastCheck.nat(4), FastCheck.integer({ min: 1, max: 3 })],
    ([budget, attempts]) =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint()
        const provider = yield* TokenProvider.cached(endpoint.acquire, {
          retry: RetryPolicy.make({ attempts, baseDelay: 0, budget })
        })
        for (const failure of [...Array.from({ length: 4 }, () => unavailable), refused]) {
          endpoint.answerWith(failure)
          const before = endpoint.requests()
          const error = yield* Effect.flip(provider.get)
          const isStopped = failure.isRetryable && endpoint.requests() - before < attempts
          assert.strictEqual(error.problem.includes("retry budget is used up"), isStopped)
          assert.isTrue(error.problem.startsWith(failure.problem))
          assert.deepStrictEqual(
            [error.reason, error.hint, error.status, error.retryAfter],
            [failure.reason, failure.hint, failure.status, failure.retryAfter]
          )
        }
      }),
    { fastCheck: { numRuns: 30 } }
  )

  it.scoped("a token retry that succeeded is returned to the budget", () =>
    Effect.gen(function* () {
      let requests = 0
      const endpoint = makeEndpoint()
      const provider = yield* TokenProvider.cached(
        Effect.suspend(() => (++requests % 2 === 1 ? Effect.fail(unavailable) : endpoint.acquire)),
        { retry: RetryPolicy.make({ attempts: 2, baseDelay: 0, budget: 1 }) }
      )
      for (let renewal = 0; renewal < 30; renewal++) yield* renew(provider)
      assert.strictEqual(requests, 60)
    })
  )

  it.scoped("a token endpoint that does not respond is a typed timeout", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      yield* endpoint.hold
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        timeout: "3 seconds",
        retry: once
      })
      const waiting = yield* Effect.fork(Effect.flip(provider.get))
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Fiber.join(waiting)).reason, "Timeout")
    })
  )

  it.scoped("the deadline of the retry policy ends a token request, whatever its attempts do", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      yield* endpoint.hold
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        timeout: "1 minute",
        retry: RetryPolicy.make({ deadline: "5 seconds" })
      })
      const waiting = yield* Effect.fork(Effect.flip(provider.get))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(waiting)).reason, "Timeout")
    })
  )
})

describe("invalidate", () => {
  it.scoped("a hundred late refusals of one token cost one renewal", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint()
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const old = yield* provider.get
      for (let refusal = 0; refusal < 100; refusal++) {
        yield* provider.invalidate(old)
        assert.strictEqual(text(yield* provider.get), "token-2")
      }
      assert.strictEqual(endpoint.requests(), 2)
    })
  )

  it.scoped("a token request from before the refusal does not refill the cache", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint({ expiresIn: 3_600 })
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const old = yield* provider.get
      yield* TestClock.adjust(Duration.seconds(3_600 - 100))
      const gate = yield* endpoint.hold
      yield* provider.get
      yield* settled
      assert.strictEqual(endpoint.requests(), 2, "renewal under way")
      yield* provider.invalidate(old)
      endpoint.letGo()
      assert.strictEqual(text(yield* provider.get), "token-3")
      yield* Deferred.succeed(gate, undefined)
      yield* settled
      assert.strictEqual(text(yield* provider.get), "token-3")
      assert.strictEqual(endpoint.requests(), 3)
    })
  )

  it.scoped(
    "an expired token is refused because it expired, so the renewal in flight replaces it",
    () =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint({ expiresIn: 3_600 })
        const provider = yield* TokenProvider.cached(endpoint.acquire, { waitBefore: "95 seconds" })
        const old = yield* provider.get
        yield* TestClock.adjust(Duration.seconds(3_600 - 100))
        const gate = yield* endpoint.hold
        yield* provider.get
        yield* TestClock.adjust("6 seconds")
        const early = yield* Effect.fork(provider.get)
        yield* settled
        yield* provider.invalidate(old)
        const late = yield* Effect.fork(provider.get)
        yield* settled
        yield* Deferred.succeed(gate, undefined)
        assert.strictEqual(text(yield* Fiber.join(early)), "token-2")
        assert.strictEqual(text(yield* Fiber.join(late)), "token-2")
        assert.strictEqual(text(yield* provider.get), "token-2")
        assert.strictEqual(endpoint.requests(), 2)
      })
  )

  it.scoped(
    "a failed token request from before the refusal is not retried and logs no warning",
    () =>
      Effect.gen(function* () {
        const logged: Array<unknown> = []
        const logger = Logger.make(({ message }) => {
          logged.push(message)
        })
        const endpoint = makeEndpoint({ expiresIn: 3_600 })
        const provider = yield* TokenProvider.cached(endpoint.acquire).pipe(
          Effect.provide(Logger.replace(Logger.defaultLogger, logger))
        )
        const old = yield* provider.get
        yield* TestClock.adjust(Duration.seconds(3_600 - 100))
        const gate = yield* endpoint.hold
        yield* provider.get
        yield* settled
        yield* provider.invalidate(old)
        endpoint.letGo()
        assert.strictEqual(text(yield* provider.get), "token-3")
        endpoint.answerWith(unavailable)
        yield* Deferred.succeed(gate, undefined)
        yield* TestClock.adjust("30 seconds")
        assert.strictEqual(endpoint.requests(), 3)
        assert.deepStrictEqual(logged, [])
      })
  )
})

describe("context of a token request", () => {
  const setting = FiberRef.unsafeMake("the layer's")
  class Name extends Context.Tag("test/Name")<Name, string>() {}

  it.scoped("a token request runs in the layer's context, not in the first caller's", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const provider = yield* TokenProvider.cached(
        Effect.gen(function* () {
          seen.push(yield* FiberRef.get(setting), yield* Name)
          const span = yield* Effect.orDie(Effect.currentSpan)
          seen.push(span.name, span.parent._tag)
          return yield* makeEndpoint().acquire
        })
      ).pipe(Effect.provideService(Name, "of the layer"), Effect.withSpan("layer"))
      yield* provider.get.pipe(
        Effect.locally(setting, "the caller's"),
        Effect.provideService(Name, "of the caller"),
        Effect.withSpan("caller")
      )
      assert.deepStrictEqual(seen, ["the layer's", "of the layer", "innerspace.token", "None"])
    })
  )
})

describe("layerStatic", () => {
  const layer = (value: string) =>
    TokenProvider.layerStatic({ value: Redacted.make(value), header: Api.v2.credential })

  it.effect("layerStatic returns its token, refused or not", () =>
    Effect.gen(function* () {
      const provider = yield* TokenProvider.TokenProvider
      const token = yield* provider.get
      yield* provider.invalidate(token)
      assert.strictEqual(yield* provider.get, token)
      assert.deepStrictEqual(token.header, { name: "x-session-id" })
    }).pipe(Effect.provide(layer("s3ss10n")))
  )

  it.effect("layerStatic does not build from a token that cannot be sent", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(layer("two\nlines")))
      assert.strictEqual(error.reason, "InvalidAnswer")
    }).pipe(Effect.scoped)
  )
})
