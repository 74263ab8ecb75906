import { assert, describe, it } from "@effect/vitest"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"

interface Failure {
  readonly isRetryable: boolean
  readonly retryAfter?: Duration.Duration | undefined
}

const failure = (isRetryable: boolean, retryAfter?: number): Failure => ({
  isRetryable,
  retryAfter: retryAfter === undefined ? undefined : Duration.millis(retryAfter)
})

/** When the tests begin, in epoch milliseconds. */
const begin = Date.UTC(2024, 0, 1)

/** The times of the attempts of a call that always fails, in virtual milliseconds since `begin`. */
const attemptTimes = (policy: RetryPolicy.RetryPolicy, failureOf: (attempt: number) => Failure) =>
  Effect.gen(function* () {
    const times: Array<number> = []
    yield* TestClock.setTime(begin)
    const fiber = yield* Clock.currentTimeMillis.pipe(
      Effect.tap((now) => Effect.sync(() => times.push(now - begin))),
      Effect.flatMap(() => Effect.fail(failureOf(times.length))),
      Effect.retry(RetryPolicy.toSchedule(policy, begin + Duration.toMillis(policy.deadline))),
      Effect.fork
    )
    // Advances the clock to the next wake-up until nothing sleeps any more.
    while (true) {
      yield* Effect.repeatN(Effect.yieldNow(), 20)
      const sleeps = yield* TestClock.sleeps()
      const [next] = Chunk.toReadonlyArray(sleeps)
      if (next === undefined) break
      yield* TestClock.setTime(next)
    }
    yield* Fiber.await(fiber)
    return times
  })

const policies = FastCheck.record({
  attempts: FastCheck.integer({ min: 1, max: 8 }),
  baseDelay: FastCheck.integer({ min: 1, max: 2_000 }),
  maxDelay: FastCheck.integer({ min: 1, max: 20_000 }),
  deadline: FastCheck.integer({ min: 1, max: 120_000 })
}).map(RetryPolicy.make)

describe("RetryPolicy.make", () => {
  it.prop(
    "RetryPolicy.make has the given fields, and otherwise the fields of standard",
    [
      FastCheck.record(
        {
          attempts: FastCheck.nat(10),
          baseDelay: FastCheck.nat(),
          maxDelay: FastCheck.nat(),
          budget: FastCheck.nat(100),
          deadline: FastCheck.nat()
        },
        { requiredKeys: [] }
      )
    ],
    ([given]) => {
      const { baseDelay, deadline, maxDelay, ...numbers } = given
      const durations = Object.entries({ baseDelay, deadline, maxDelay }).flatMap(
        ([name, millis]) => (millis === undefined ? [] : [[name, Duration.millis(millis)]])
      )
      assert.deepStrictEqual(RetryPolicy.make(given), {
        ...RetryPolicy.standard,
        ...numbers,
        ...Object.fromEntries(durations)
      })
    }
  )
})

it.each([
  [{ attempts: undefined, deadline: undefined }, RetryPolicy.standard],
  // The layer or the call that uses the policy reports such a value.
  [undefined, undefined],
  ["often", "often"]
])("RetryPolicy.make accepts %j of a JavaScript caller", (options, policy) => {
  // The types exclude these values.
  assert.deepStrictEqual<unknown>(RetryPolicy.make(options as never), policy)
})

describe("RetryPolicy.toSchedule", () => {
  it.effect.prop(
    "a schedule makes no more attempts than allowed, and none at or after the deadline",
    [policies, FastCheck.integer(), FastCheck.option(FastCheck.nat(5_000), { nil: undefined })],
    ([policy, seed, asked]) =>
      Effect.gen(function* () {
        const times = yield* attemptTimes(policy, () => failure(true, asked))
        assert.isAtMost(times.length, policy.attempts)
        assert.isTrue(times.every((time) => time < Duration.toMillis(policy.deadline)))
      }).pipe(Effect.withRandom(Random.make(seed)))
  )

  it.effect.prop(
    "a schedule waits between zero and a bound that doubles up to the longest delay",
    [policies, FastCheck.integer()],
    ([policy, seed]) =>
      Effect.gen(function* () {
        const times = yield* attemptTimes(policy, () => failure(true))
        for (let index = 1; index < times.length; index++) {
          const wait = (times[index] ?? 0) - (times[index - 1] ?? 0)
          const bound = Math.min(
            Duration.toMillis(policy.maxDelay),
            Duration.toMillis(policy.baseDelay) * 2 ** (index - 1)
          )
          assert.isAtMost(wait, bound + 1)
          assert.isAtLeast(wait, 0)
        }
      }).pipe(Effect.withRandom(Random.make(seed)))
  )

  it.effect.prop(
    "a schedule waits at least as long as the server asks",
    [FastCheck.integer({ min: 1, max: 10_000 }), FastCheck.integer()],
    ([asked, seed]) =>
      Effect.gen(function* () {
        const times = yield* attemptTimes(RetryPolicy.standard, () => failure(true, asked))
        assert.strictEqual(times.length, 4)
        for (let index = 1; index < times.length; index++) {
          assert.isAtLeast((times[index] ?? 0) - (times[index - 1] ?? 0), asked)
        }
      }).pipe(Effect.withRandom(Random.make(seed)))
  )

  it.effect.prop(
    "the random wait is a share of each bound, added to the wait that the server asks for",
    [
      FastCheck.constantFrom(0, 0.25, 0.5, 0.75),
      FastCheck.constantFrom(undefined, 1_000),
      FastCheck.constantFrom(1_000, 3_000, 10_000)
    ],
    ([share, asked, maxDelay]) =>
      Effect.gen(function* () {
        const policy = RetryPolicy.make({ attempts: 5, baseDelay: "1 second", maxDelay })
        const times = yield* attemptTimes(policy, () => failure(true, asked))
        const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0))
        assert.deepStrictEqual(
          waits,
          [1_000, 2_000, 4_000, 8_000].map(
            (bound) => (asked ?? 0) + share * Math.min(bound, maxDelay)
          )
        )
      }).pipe(Effect.withRandom(Random.fixed([share]))),
    { fastCheck: { numRuns: 30 } }
  )

  it.effect(
    "a schedule fails at once if the wait that the server asks for does not end before the deadline",
    () =>
      Effect.gen(function* () {
        const times = (asked: number) =>
          attemptTimes(RetryPolicy.standard, (attempt) =>
            failure(true, attempt === 1 ? asked : undefined)
          )
        assert.deepStrictEqual(yield* times(60_000), [0])
        assert.strictEqual((yield* times(59_999))[1], 59_999)
      }).pipe(Effect.withRandom(Random.fixed([0])))
  )

  it.effect("a schedule does not retry a failure that is not retryable", () =>
    Effect.map(
      attemptTimes(RetryPolicy.standard, () => failure(false)),
      (times) => assert.deepStrictEqual(times, [0])
    )
  )

  it.effect("a schedule stops when a retryable failure is followed by one that is not", () =>
    Effect.map(
      attemptTimes(RetryPolicy.standard, (attempt) => failure(attempt < 2)),
      (times) => assert.strictEqual(times.length, 2)
    )
  )

  it.effect("RetryPolicy.none makes one attempt, and so does an invalid number of attempts", () =>
    Effect.gen(function* () {
      for (const policy of [
        RetryPolicy.none,
        RetryPolicy.make({ attempts: 0 }),
        RetryPolicy.make({ attempts: Number.NaN })
      ]) {
        assert.strictEqual((yield* attemptTimes(policy, () => failure(true))).length, 1)
      }
    })
  )
})
