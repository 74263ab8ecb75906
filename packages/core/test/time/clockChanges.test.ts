/** Tests that a change of the wall clock does not change the time at which a wait ends. */
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { key, makeEndpoint, makeTexts, settled, text } from "../support/storedTokens.js"
import { answer, answered, clientOver, oneToken, typename } from "../support/transportClient.js"

const hour = 3_600_000

/**
 * Runs a program that can change its wall clock. The change does not affect sleeping fibers and the
 * monotonic clock (`unsafeCurrentTimeNanos`).
 */
const withWallClock = <A, E, R>(
  program: (move: (millis: number) => Effect.Effect<void>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-05T10:00:00Z"))
    const clock = yield* TestClock.testClock()
    let ahead = 0
    const wallTime = () => clock.unsafeCurrentTimeMillis() + ahead
    const moved: Clock.Clock = Object.create(clock, {
      unsafeCurrentTimeMillis: { value: wallTime },
      currentTimeMillis: { value: Effect.sync(wallTime) },
      unsafeCurrentTimeNanos: { value: () => clock.unsafeCurrentTimeNanos() },
      currentTimeNanos: { value: clock.currentTimeNanos }
    })
    const move = (millis: number) =>
      Effect.sync(() => {
        ahead += millis
      })
    return yield* Effect.withClock(program(move), moved)
  })

/** An effect that waits, the length of the wait, and the outcome after it. */
interface Wait {
  readonly prepare: Effect.Effect<
    Effect.Effect<unknown, unknown, Scope.Scope>,
    unknown,
    Scope.Scope
  >
  readonly millis: number
  readonly ends: string
}

const patient = RetryPolicy.make({ attempts: 50, baseDelay: 0, deadline: "1 hour" })
const shortCall = RetryPolicy.make({ attempts: 50, baseDelay: 0, deadline: "10 seconds" })
const busy = answer(503, "busy", { "retry-after": "3" })

const busyOnce = () => {
  let requests = 0
  return Effect.sync(() =>
    ++requests === 1 ? answer(503, "busy", { "retry-after": "10" }) : answered
  )
}

const http = Effect.provideService(
  HttpClient.HttpClient,
  HttpClient.make(() => Effect.never)
)

const neverToken = Layer.build(
  TokenProvider.layer(Effect.never, { timeout: "1 hour", retry: patient })
)

const busyEndpoint = Effect.fail(
  new AuthError({
    reason: "Unavailable",
    problem: "busy",
    hint: "-",
    retryAfter: Duration.seconds(3)
  })
)

const waits: { readonly [what: string]: Wait } = {
  "an attempt over a transport": {
    prepare: Effect.map(
      clientOver(() => Effect.never, { timeout: "10 seconds" }),
      (metrics) => metrics.execute(typename, { retry: RetryPolicy.none })
    ),
    millis: 10_000,
    ends: "Timeout"
  },
  "an attempt over an HttpClient": {
    prepare: Effect.map(MetricsClient.make({ timeout: "10 seconds" }), (metrics) =>
      metrics.execute(typename, { retry: RetryPolicy.none })
    ).pipe(http, Effect.provide(Layer.merge(QueryBuilder.layer, oneToken))),
    millis: 10_000,
    ends: "Timeout"
  },
  "a call that waits for an answer": {
    prepare: Effect.map(
      clientOver(() => Effect.never, { timeout: "1 hour" }),
      (metrics) => metrics.execute(typename, { retry: shortCall })
    ),
    millis: 10_000,
    ends: "DeadlineExceeded"
  },
  "a call that waits for a token": {
    prepare: Effect.map(
      Effect.flatMap(neverToken, (tokens) =>
        clientOver(() => Effect.never, {}, Layer.succeedContext(tokens))
      ),
      (metrics) => metrics.execute(typename, { retry: shortCall })
    ),
    millis: 10_000,
    ends: "DeadlineExceeded"
  },
  "a call that waits for its turn": {
    prepare: Effect.map(
      clientOver(() => Effect.never, { timeout: "1 hour", concurrency: 1 }),
      (metrics) =>
        Effect.zipRight(
          Effect.forkScoped(metrics.execute(typename, { retry: patient })),
          Effect.zipRight(settled, metrics.execute(typename, { retry: shortCall }))
        )
    ),
    millis: 10_000,
    ends: "DeadlineExceeded"
  },
  "a call that tries again until its deadline": {
    // The attempts are at 0, 3, 6 and 9 seconds.
    prepare: Effect.map(
      clientOver(() => Effect.succeed(busy), {}),
      (metrics) => metrics.execute(typename, { retry: shortCall })
    ),
    millis: 9_000,
    ends: "Unavailable"
  },
  "the wait that a server asks for": {
    prepare: Effect.suspend(() => {
      const respond = busyOnce()
      return Effect.map(
        clientOver(() => respond, {}),
        (metrics) => metrics.execute(typename, { retry: patient })
      )
    }),
    millis: 10_000,
    ends: "success"
  },
  "the wait between attempts": {
    prepare: Effect.suspend(() => {
      let requests = 0
      const respond = Effect.sync(() => (++requests === 1 ? answer(503, "busy") : answered))
      return Effect.map(
        clientOver(() => respond, {}),
        (metrics) =>
          metrics.execute(typename, {
            retry: RetryPolicy.make({ baseDelay: "20 seconds", maxDelay: "20 seconds" })
          })
      )
    }).pipe(Effect.map(Effect.withRandom(Random.fixed([0.5])))),
    millis: 10_000,
    ends: "success"
  },
  "a turn under rateLimit": {
    prepare: Effect.map(
      clientOver(() => Effect.succeed(answered), {
        rateLimit: { limit: 1, interval: "10 seconds" }
      }),
      (metrics) =>
        Effect.zipRight(
          metrics.execute(typename, { retry: patient }),
          metrics.execute(typename, { retry: patient })
        )
    ),
    millis: 10_000,
    ends: "success"
  },
  "a schedule of a policy": {
    prepare: Effect.map(Clock.currentTimeMillis, (now) =>
      Effect.retry(busyEndpoint, RetryPolicy.toSchedule(patient, now + 10_000))
    ),
    millis: 9_000,
    ends: "Unavailable"
  },
  "a token that is asked for again until the deadline": {
    prepare: Effect.map(TokenProvider.cached(busyEndpoint, { retry: shortCall }), ({ get }) => get),
    millis: 9_000,
    ends: "Unavailable"
  },
  "one request for a token": {
    prepare: Effect.map(
      TokenProvider.cached(Effect.never, { timeout: "10 seconds", retry: RetryPolicy.none }),
      ({ get }) => get
    ),
    millis: 10_000,
    ends: "Timeout"
  },
  "the lock of a token store": {
    prepare: Effect.flatMap(makeTexts, ({ store }) =>
      Effect.map(
        TokenProvider.cached(makeEndpoint().acquire, {
          retry: RetryPolicy.make({ deadline: "20 seconds" }),
          store: TokenStore.place({ ...store, lock: () => Effect.never }, key)
        }),
        ({ get }) => get
      )
    ),
    millis: 10_000,
    ends: "success"
  }
}

const reasonOf = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) =>
      cause._tag === "Fail" ? String(Reflect.get(Object(cause.error), "reason")) : cause._tag
  })

describe("corrections of the wall clock", () => {
  for (const [direction, millis] of [
    ["back", -hour],
    ["forward", hour]
  ] as const) {
    for (const [what, wait] of Object.entries(waits)) {
      it.scoped(`a wall clock set ${direction} does not change ${what}`, () =>
        withWallClock((move) =>
          Effect.gen(function* () {
            const fiber = yield* Effect.fork(yield* wait.prepare)
            yield* settled
            yield* TestClock.adjust(wait.millis / 2)
            yield* move(millis)
            yield* TestClock.adjust(wait.millis / 2 - 1)
            assert.isTrue((yield* Fiber.poll(fiber))._tag === "None", "it has ended before")
            yield* TestClock.adjust(1)
            yield* settled
            assert.isTrue((yield* Fiber.poll(fiber))._tag === "Some", "it has not ended")
            assert.strictEqual(reasonOf(yield* Fiber.await(fiber)), wait.ends)
          })
        )
      )
    }
  }

  it.scoped("a wall clock set back does not let a call use an expired token", () =>
    withWallClock((move) =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(3_600)
        const provider = yield* TokenProvider.cached(endpoint.acquire, { renewBefore: 0 })
        yield* provider.get
        yield* TestClock.adjust("30 minutes")
        yield* move(-hour)
        yield* TestClock.adjust(hour / 2 - 30_001)
        assert.strictEqual(text(yield* provider.get), "token-1")
        yield* TestClock.adjust(1)
        assert.strictEqual(text(yield* provider.get), "token-2")
        // The new token was obtained after the change, so it is valid for its whole lifetime.
        yield* TestClock.adjust(hour - 30_001)
        assert.strictEqual(text(yield* provider.get), "token-2")
      })
    )
  )

  it.scoped("a wall clock set back during a token request does not extend the token's life", () =>
    withWallClock((move) =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(3_600)
        const provider = yield* TokenProvider.cached(
          Effect.tap(endpoint.acquire, () => move(-hour)),
          { renewBefore: 0 }
        )
        yield* provider.get
        yield* TestClock.adjust(hour - 30_001)
        assert.strictEqual(text(yield* provider.get), "token-1")
        yield* TestClock.adjust(1)
        assert.strictEqual(text(yield* provider.get), "token-2")
      })
    )
  )

  it.scoped("a wall clock set back does not delay a renewal", () =>
    withWallClock((move) =>
      Effect.gen(function* () {
        const endpoint = makeEndpoint(3_600)
        const provider = yield* TokenProvider.cached(endpoint.acquire)
        yield* provider.get
        yield* move(-hour)
        yield* TestClock.adjust(hour - 120_001)
        yield* provider.get
        yield* settled
        assert.strictEqual(endpoint.requests(), 1)
        yield* TestClock.adjust(1)
        yield* provider.get
        yield* settled
        assert.strictEqual(endpoint.requests(), 2)
      })
    )
  )

  it.scoped(
    "a wall clock set forward costs one token, and the next one lives as long as stated",
    () =>
      withWallClock((move) =>
        Effect.gen(function* () {
          const endpoint = makeEndpoint(3_600)
          const provider = yield* TokenProvider.cached(endpoint.acquire, { renewBefore: 0 })
          yield* provider.get
          yield* move(hour)
          assert.strictEqual(text(yield* provider.get), "token-2")
          yield* move(-hour)
          yield* TestClock.adjust(hour - 30_001)
          assert.strictEqual(text(yield* provider.get), "token-2")
          yield* TestClock.adjust(1)
          assert.strictEqual(text(yield* provider.get), "token-3")
        })
      )
  )

  for (const [direction, millis] of [
    ["back", -hour],
    ["forward", 60_000]
  ] as const) {
    it.scoped(
      `a wall clock set ${direction} does not change the pause after a failed renewal`,
      () =>
        withWallClock((move) =>
          Effect.gen(function* () {
            let requests = 0
            const endpoint = makeEndpoint(3_600)
            const provider = yield* TokenProvider.cached(
              Effect.suspend(() => (++requests === 1 ? endpoint.acquire : busyEndpoint)),
              { retry: RetryPolicy.none }
            )
            yield* provider.get
            yield* TestClock.adjust(hour - 120_000)
            yield* provider.get
            yield* settled
            assert.strictEqual(requests, 2)
            yield* move(millis)
            yield* TestClock.adjust(4_999)
            yield* provider.get
            yield* settled
            assert.strictEqual(requests, 2)
            yield* TestClock.adjust(1)
            yield* provider.get
            yield* settled
            assert.strictEqual(requests, 3)
          })
        )
    )
  }
})
