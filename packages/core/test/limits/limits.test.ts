/**
 * Tests `rateLimit` and `concurrency`, which limit the requests of all callers of a client
 * together.
 */
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Array from "effect/Array"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { answer, answered, clientOver, type Respond, typename } from "../support/transportClient.js"

const patient = RetryPolicy.make({ baseDelay: 0, deadline: "1 hour" })

/**
 * A server that takes this long for each request. It also returns the time at which it received
 * each request.
 */
const server = (duration: (index: number) => number) => {
  const begun: Array<{ readonly index: number; readonly at: number }> = []
  let underWay = 0
  let most = 0
  const transport: Respond = ({ body }) =>
    Effect.gen(function* () {
      const index: number = JSON.parse(body).variables.index
      begun.push({ index, at: yield* Clock.currentTimeMillis })
      most = Math.max(most, ++underWay)
      yield* Effect.ensuring(
        Effect.sleep(duration(index)),
        Effect.sync(() => underWay--)
      )
      return answered
    })
  return { transport, begun, most: () => most }
}

/**
 * A server that sends these responses one after the other, and then data. It also returns the times
 * at which requests arrived.
 */
const recording = (answers: ReadonlyArray<Effect.Effect.Success<ReturnType<Respond>>> = []) => {
  const times: Array<number> = []
  const headers: Array<string | undefined> = []
  const transport: Respond = (request) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      headers.push(request.headers["authorization"])
      return answers[times.push(now) - 1] ?? answered
    })
  return { transport, times, headers }
}

const callers = FastCheck.array(
  FastCheck.record({
    arrives: FastCheck.nat(2_000),
    takes: FastCheck.nat(600),
    isInterruptedAfter: FastCheck.option(FastCheck.nat(1_500), { nil: undefined })
  }),
  { minLength: 2, maxLength: 12 }
)

describe("limits for any callers at any time", () => {
  it.effect.prop(
    "calls never exceed the rate and the concurrency, and are served first come, first served",
    [
      callers,
      FastCheck.option(FastCheck.integer({ min: 1, max: 4 }), { nil: undefined }),
      FastCheck.option(
        FastCheck.record({
          limit: FastCheck.integer({ min: 1, max: 4 }),
          interval: FastCheck.integer({ min: 1, max: 1_000 })
        }),
        { nil: undefined }
      )
    ],
    ([all, concurrency, rateLimit]) =>
      Effect.gen(function* () {
        const { transport, begun, most } = server((index) => all[index]?.takes ?? 0)
        const metrics = yield* clientOver(transport, {
          retry: patient,
          timeout: "1 hour",
          ...(concurrency === undefined ? {} : { concurrency }),
          ...(rateLimit === undefined ? {} : { rateLimit })
        })
        const asked: Array<number> = []
        const fibers = yield* Effect.forEach(all, ({ arrives }, index) =>
          Effect.fork(
            Effect.sleep(arrives).pipe(
              Effect.tap(() => Effect.sync(() => asked.push(index))),
              Effect.zipRight(metrics.execute({ ...typename, variables: { index } }))
            )
          )
        )
        yield* Effect.forEach(Array.zip(fibers, all), ([fiber, { arrives, isInterruptedAfter }]) =>
          isInterruptedAfter === undefined
            ? Effect.void
            : Effect.fork(
                Effect.delay(Fiber.interrupt(fiber), Duration.millis(arrives + isInterruptedAfter))
              )
        )
        yield* TestClock.adjust("30 minutes")
        for (const [fiber, { isInterruptedAfter }] of Array.zip(fibers, all)) {
          const exit = yield* Fiber.poll(fiber)
          if (Option.isNone(exit)) assert.fail("A call has not ended")
          if (isInterruptedAfter === undefined) assert.isTrue(Exit.isSuccess(exit.value))
        }
        if (concurrency !== undefined) assert.isAtMost(most(), concurrency)
        if (rateLimit !== undefined) {
          for (const { at } of begun) {
            const within = begun.filter(
              (other) => other.at >= at && other.at < at + rateLimit.interval
            )
            assert.isAtMost(within.length, rateLimit.limit)
          }
        }
        const served = begun.map(({ index }) => index)
        assert.deepStrictEqual(
          served,
          asked.filter((index) => served.includes(index))
        )
      }),
    { fastCheck: { numRuns: 40 } }
  )
})

describe("limits: waiting for a turn", () => {
  it.effect("retries and replays wait for their turn as well", () =>
    Effect.gen(function* () {
      const { transport, times } = recording([answer(503, ""), answer(401, ""), answer(503, "")])
      let tokens = 0
      const metrics = yield* clientOver(
        transport,
        { retry: patient, rateLimit: { limit: 1, interval: "10 seconds" } },
        Layer.succeed(TokenProvider.TokenProvider, {
          get: Effect.suspend(() =>
            Effect.orDie(
              AccessToken.make({
                value: Redacted.make(`token-${tokens}`),
                header: Api.v1.credential
              })
            )
          ),
          invalidate: () => Effect.sync(() => tokens++)
        })
      )
      const call = yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(call)
      assert.deepStrictEqual(times, [0, 10_000, 20_000, 30_000])
    })
  )

  it.effect(
    "time in the queue counts towards the deadline, and a call that ends leaves the queue",
    () =>
      Effect.gen(function* () {
        const { transport, times } = recording()
        const metrics = yield* clientOver(transport, {
          rateLimit: { limit: 1, interval: "10 seconds" }
        })
        yield* metrics.execute(typename)
        const hasty = yield* Effect.fork(
          Effect.flip(
            metrics.execute(typename, { retry: RetryPolicy.make({ deadline: "4 seconds" }) })
          )
        )
        const next = yield* Effect.fork(metrics.execute(typename))
        yield* TestClock.adjust("4 seconds")
        const error = yield* Fiber.join(hasty)
        assert.strictEqual(error.reason, "DeadlineExceeded")
        assert.strictEqual(error.attempts, 0)
        assert.deepStrictEqual(error.waited, Duration.seconds(4))
        assert.include(error.problem, "waiting for its turn under rateLimit or concurrency")
        assert.include(error.hint, "rateLimit")
        yield* TestClock.adjust("6 seconds")
        yield* Fiber.join(next)
        assert.deepStrictEqual(times, [0, 10_000])
      })
  )

  it.effect("the timeout of an attempt begins with its turn", () =>
    Effect.gen(function* () {
      const { transport, most } = server(() => 3_000)
      const metrics = yield* clientOver(transport, {
        concurrency: 1,
        timeout: "4 seconds",
        retry: RetryPolicy.none
      })
      const calls = yield* Effect.forEach(Array.range(1, 5), (index) =>
        Effect.fork(metrics.execute({ ...typename, variables: { index } }))
      )
      yield* TestClock.adjust("15 seconds")
      yield* Effect.forEach(calls, Fiber.join)
      assert.strictEqual(most(), 1)
    })
  )

  it.effect("a token that expires while a call waits for its turn is not sent", () =>
    Effect.gen(function* () {
      const { transport, headers } = recording()
      const scope = yield* Scope.make()
      const tokens = yield* Layer.buildWithScope(
        TokenProvider.layer(
          Effect.flatMap(DateTime.now, (now) =>
            AccessToken.make({
              value: Redacted.make(`from-${now.epochMillis}`),
              header: Api.v1.credential,
              expiresIn: 60
            })
          )
        ),
        scope
      )
      const metrics = yield* clientOver(
        transport,
        { retry: patient, rateLimit: { limit: 1, interval: "10 minutes" } },
        Layer.succeedContext(tokens)
      )
      yield* metrics.execute(typename)
      const call = yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(call)
      assert.deepStrictEqual(headers, ["Bearer from-0", "Bearer from-600000"])
      yield* Scope.close(scope, Exit.void)
    })
  )

  it.effect("a failed login fails all waiting calls at once, not one after another", () =>
    Effect.gen(function* () {
      let logins = 0
      const scope = yield* Scope.make()
      const tokens = yield* Layer.buildWithScope(
        TokenProvider.layer(
          Effect.delay(
            Effect.suspend(() => {
              logins++
              return Effect.fail(
                new AuthError({ reason: "CredentialsRefused", problem: "No", hint: "-" })
              )
            }),
            "1 second"
          )
        ),
        scope
      )
      const metrics = yield* clientOver(
        recording().transport,
        { concurrency: 1 },
        Layer.succeedContext(tokens)
      )
      const calls = yield* Effect.forEach(Array.range(1, 10), () =>
        Effect.fork(Effect.flip(metrics.execute(typename)))
      )
      yield* TestClock.adjust("1 second")
      yield* Effect.forEach(calls, Fiber.join)
      assert.strictEqual(logins, 1)
      yield* Scope.close(scope, Exit.void)
    })
  )
})

describe("options of limits", () => {
  for (const [name, options] of [
    ["concurrency is 0", { concurrency: 0 }],
    ["concurrency is 1.5", { concurrency: 1.5 }],
    ["concurrency is NaN", { concurrency: Number.NaN }],
    ["concurrency is Infinity", { concurrency: Number.POSITIVE_INFINITY }],
    ["rateLimit.limit is 0", { rateLimit: { limit: 0, interval: 1 } }],
    ["rateLimit.interval is 0", { rateLimit: { limit: 1, interval: 0 } }],
    // Untyped code can pass anything.
    ['rateLimit.interval is "soon"', { rateLimit: { limit: 1, interval: "soon" as "1 second" } }]
  ] as const) {
    it.effect(`the option ${name} is a ConfigurationError`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(clientOver(recording().transport, options))
        assert.strictEqual(error.reason, "InvalidOption")
        assert.include(error.message, name)
      })
    )
  }
})
