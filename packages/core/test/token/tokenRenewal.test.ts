/** Tests the exact time at which a token is renewed, also after failures and refusals. */
import { assert, describe, it } from "@effect/vitest"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import { logging, makeEndpoint, settled, text } from "../support/storedTokens.js"

const unavailable = new AuthError({
  reason: "Unavailable",
  problem: "The token endpoint responded with status 503",
  hint: "Try again"
})

/** An endpoint like the one of `makeEndpoint`. It fails after a call of `fail(true)`. */
const failing = (expiresIn: number) => {
  const endpoint = makeEndpoint(expiresIn)
  let fails = false
  return {
    ...endpoint,
    fail: (does: boolean) => {
      fails = does
    },
    acquire: Effect.tap(endpoint.acquire, () => (fails ? Effect.fail(unavailable) : Effect.void))
  }
}

const once = RetryPolicy.make({ attempts: 1 })

describe("when a token is renewed", () => {
  const second = 1_000
  for (const [lifetime, behind, awaited] of [
    [86_400, 120 * second, 30 * second],
    [601, 120 * second, 30 * second],
    [600, 120 * second, 30 * second],
    [100, 20 * second, 5 * second],
    [5, second, 250]
  ] as const) {
    const make = Effect.gen(function* () {
      const endpoint = makeEndpoint(lifetime)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      yield* provider.get
      return { endpoint, provider }
    })
    const untilLast = (millis: number) => TestClock.adjust(lifetime * second - millis)

    it.scoped(
      `a token of ${lifetime} s is renewed in the background ${behind} ms before its end`,
      () =>
        Effect.gen(function* () {
          const { endpoint, provider } = yield* make
          yield* untilLast(behind + 1)
          yield* provider.get
          yield* settled
          assert.strictEqual(endpoint.requests(), 1)
          yield* TestClock.adjust(1)
          assert.strictEqual(text(yield* provider.get), "token-1")
          yield* settled
          assert.strictEqual(endpoint.requests(), 2)
        })
    )

    it.scoped(
      `calls wait for the renewal of a token of ${lifetime} s from ${awaited} ms before its end`,
      () =>
        Effect.gen(function* () {
          const early = yield* make
          yield* untilLast(awaited + 1)
          assert.strictEqual(text(yield* early.provider.get), "token-1")
          const late = yield* make
          yield* untilLast(awaited)
          assert.strictEqual(text(yield* late.provider.get), "token-2")
        })
    )
  }
})

describe("failed renewals", () => {
  it.scoped(
    "a failed renewal logs no warning if calls waited for it, because they get the error",
    () =>
      logging((messages) =>
        Effect.gen(function* () {
          const endpoint = failing(3_600)
          const provider = yield* TokenProvider.cached(endpoint.acquire, { retry: once })
          yield* provider.get
          yield* TestClock.adjust("3580 seconds")
          endpoint.fail(true)
          for (let call = 0; call < 3; call++) {
            assert.strictEqual((yield* Effect.flip(provider.get)).reason, "Unavailable")
          }
          assert.strictEqual(endpoint.requests(), 4)
          assert.deepStrictEqual(messages, [])
        })
      )
  )

  it.scoped(
    "a failed renewal logs no warning if the old token was refused, because it is not in use",
    () =>
      logging((messages) =>
        Effect.gen(function* () {
          const endpoint = failing(3_600)
          const provider = yield* TokenProvider.cached(endpoint.acquire, {
            waitBefore: "95 seconds",
            retry: once
          })
          const old = yield* provider.get
          yield* TestClock.adjust("3500 seconds")
          const open = yield* endpoint.hold
          yield* provider.get
          yield* settled
          // At this exact time, the token begins to count as expired.
          yield* TestClock.adjust("5 seconds")
          yield* provider.invalidate(old)
          const waiting = yield* Effect.fork(Effect.flip(provider.get))
          yield* settled
          endpoint.fail(true)
          yield* open
          assert.strictEqual((yield* Fiber.join(waiting)).reason, "Unavailable")
          assert.strictEqual(endpoint.requests(), 2)
          assert.deepStrictEqual(messages, [])
          endpoint.fail(false)
          assert.strictEqual(text(yield* provider.get), "token-3")
        })
      )
  )
})

describe("refusals of a token", () => {
  it.scoped("two refusals of a token before another is obtained count as one", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const old = yield* provider.get
      yield* provider.invalidate(old)
      yield* provider.invalidate(old)
      assert.strictEqual(text(yield* provider.get), "token-2")
    })
  )

  it.scoped("callers after a refusal share one request, whenever the one from before it ends", () =>
    Effect.gen(function* () {
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const old = yield* provider.get
      yield* TestClock.adjust("3500 seconds")
      const endFormer = yield* endpoint.hold
      yield* provider.get
      yield* settled
      yield* provider.invalidate(old)
      const endLatter = yield* endpoint.hold
      const first = yield* Effect.fork(provider.get)
      yield* settled
      yield* endFormer
      yield* settled
      const second = yield* Effect.fork(provider.get)
      yield* settled
      yield* endLatter
      assert.strictEqual(text(yield* Fiber.join(first)), "token-3")
      assert.strictEqual(text(yield* Fiber.join(second)), "token-3")
      assert.strictEqual(endpoint.requests(), 3)
    })
  )
})

describe("defaults of a token request", () => {
  it.scoped("a token request makes three attempts by default", () =>
    Effect.gen(function* () {
      const endpoint = failing(3_600)
      endpoint.fail(true)
      const provider = yield* TokenProvider.cached(endpoint.acquire)
      const waiting = yield* Effect.fork(Effect.flip(provider.get))
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(waiting)
      assert.strictEqual(endpoint.requests(), 3)
    })
  )

  it.scoped(
    "each attempt of a token request has ten seconds and all of them thirty, and the error says which ended",
    () =>
      Effect.gen(function* () {
        const hanging = (attempts: number) =>
          Effect.gen(function* () {
            const endpoint = makeEndpoint(3_600)
            yield* endpoint.hold
            const provider = yield* TokenProvider.cached(
              endpoint.acquire,
              attempts === 1 ? { retry: once } : {}
            )
            return [endpoint, yield* Effect.fork(Effect.flip(provider.get))] as const
          })
        const [, single] = yield* hanging(1)
        const [endpoint, asking] = yield* hanging(3)
        yield* TestClock.adjust("9999 millis")
        assert.isTrue(Option.isNone(yield* Fiber.poll(single)))
        yield* TestClock.adjust("1 millis")
        assert.include((yield* Fiber.join(single)).problem, "did not respond in time")
        // A random number shortens the wait of 200 ms, here to 100 ms.
        yield* TestClock.adjust("99 millis")
        assert.strictEqual(endpoint.requests(), 1)
        yield* TestClock.adjust("1 millis")
        assert.strictEqual(endpoint.requests(), 2)
        yield* TestClock.adjust(Duration.millis(30_000 - 10_100 - 1))
        assert.strictEqual(endpoint.requests(), 3)
        assert.isTrue(Option.isNone(yield* Fiber.poll(asking)))
        yield* TestClock.adjust("1 millis")
        const error = yield* Fiber.join(asking)
        assert.strictEqual(error.reason, "Timeout")
        assert.include(error.problem, "before the deadline")
      }).pipe(Effect.withRandom(Random.fixed([0.5])))
  )
})

it.effect("a provider of TokenProvider.layer ends with its scope", () =>
  Effect.gen(function* () {
    const endpoint = makeEndpoint(3_600)
    const provider = yield* Effect.provide(
      Effect.tap(TokenProvider.TokenProvider, (provider) =>
        Effect.map(provider.get, (token) => assert.strictEqual(text(token), "token-1"))
      ),
      TokenProvider.layer(endpoint.acquire)
    )
    assert.strictEqual((yield* Effect.flip(provider.get)).reason, "Closed")
  })
)
