/**
 * Tests that no call outlives its deadline, whatever the server and the token endpoint do. Time is
 * virtual, so the server is a transport defined in the test.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import {
  AuthError,
  type ConfigurationError,
  TransportError
} from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Array from "effect/Array"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { answer, clientOver, oneToken, type Respond, typename } from "../support/transportClient.js"

const query = Query.from(building_metrics, {
  select: ["building_id"],
  allowOpen: ["metric_name", "granularity", "group_id"]
})

/**
 * The time at which the test's clock begins. A server can send dates before and after this time.
 */
const start = Date.parse("2026-01-05T10:00:00Z")

/** A delay in milliseconds: none, some seconds, or without end. */
const delay = FastCheck.oneof(
  FastCheck.constant(0),
  FastCheck.nat(90_000),
  FastCheck.constant(Number.POSITIVE_INFINITY)
)

const pause = (millis: number): Effect.Effect<void> =>
  Number.isFinite(millis) ? Effect.sleep(millis) : Effect.never

const seconds = FastCheck.oneof(
  FastCheck.nat(90),
  FastCheck.integer({ min: 0, max: 999_999_999_999 })
)

/** Waits that a server may ask for, valid and invalid. */
const waitHeaders = FastCheck.oneof(
  FastCheck.constant<{ readonly [name: string]: string }>({}),
  seconds.map((value) => ({ "retry-after": String(value) })),
  FastCheck.integer({ min: -90_000, max: 90_000 }).map((millis) => ({
    "retry-after": new Date(start + millis).toUTCString()
  })),
  seconds.map((value) => ({ "x-ratelimit-reset": String(value) })),
  FastCheck.integer({ min: -90, max: 90 }).map((value) => ({
    "x-ratelimit-reset": String(start / 1000 + value)
  })),
  FastCheck.record({ "retry-after": FastCheck.string(), "x-ratelimit-reset": FastCheck.string() })
)

const body = FastCheck.constantFrom(
  '{"data":{"__typename":"query_root"}}',
  '{"data":null}',
  '{"errors":[{"message":"expired","extensions":{"code":"invalid-jwt"}}]}',
  '{"errors":[{"message":"busy","extensions":{"code":"postgres-error"}}]}',
  '{"errors":[{"message":"wrong","extensions":{"code":"validation-failed"}}]}',
  "<html></html>"
)

type ValueOf<A> = A extends FastCheck.Arbitrary<infer Value> ? Value : never

/** What happens to one request. */
const exchange = FastCheck.record({
  isReset: FastCheck.boolean(),
  status: FastCheck.constantFrom(200, 200, 401, 408, 429, 500, 503),
  headers: waitHeaders,
  body,
  headersAfter: delay,
  bodyAfter: delay
})

/** What happens to one request for a token. */
const login = FastCheck.record({
  after: delay,
  reason: FastCheck.constantFrom<AuthError["reason"] | undefined>(
    undefined,
    undefined,
    "Unavailable",
    "CredentialsRefused"
  ),
  retryAfter: FastCheck.option(seconds, { nil: undefined }),
  expiresIn: FastCheck.integer({ min: 1, max: 120 })
})

const inTurn = <A>(values: ReadonlyArray<A>) => {
  let next = 0
  return () => values[next++ % values.length]
}

const transportOf = (exchanges: ReadonlyArray<ValueOf<typeof exchange>>): Respond => {
  const next = inTurn(exchanges)
  return () =>
    Effect.suspend(() => {
      const happens = next()
      if (happens === undefined) return Effect.never
      return Effect.zipRight(
        pause(happens.headersAfter),
        happens.isReset
          ? Effect.fail(
              new TransportError({ reason: "ConnectionLost", problem: "gone", hint: "-" })
            )
          : Effect.as(
              pause(happens.bodyAfter),
              answer(happens.status, happens.body, happens.headers)
            )
      )
    })
}

const tokensOf = (logins: ReadonlyArray<ValueOf<typeof login>>) => {
  const next = inTurn(logins)
  let count = 0
  return TokenProvider.layer(
    Effect.suspend(() => {
      const happens = next()
      if (happens === undefined) return Effect.never
      const { reason } = happens
      return Effect.zipRight(
        pause(happens.after),
        reason === undefined
          ? AccessToken.make({
              value: Redacted.make(`token-${count++}`),
              header: Api.v1.credential,
              expiresIn: happens.expiresIn
            })
          : Effect.fail(
              new AuthError({
                reason,
                problem: "No token",
                hint: "-",
                retryAfter:
                  happens.retryAfter === undefined
                    ? undefined
                    : Duration.seconds(happens.retryAfter)
              })
            )
      )
    })
  )
}

const policy = FastCheck.record({
  attempts: FastCheck.integer({ min: 1, max: 6 }),
  baseDelay: FastCheck.nat(5_000),
  maxDelay: FastCheck.nat(20_000),
  deadline: FastCheck.integer({ min: 1, max: 60_000 })
}).map(RetryPolicy.make)

const limits = FastCheck.record(
  {
    concurrency: FastCheck.integer({ min: 1, max: 2 }),
    rateLimit: FastCheck.record({
      limit: FastCheck.integer({ min: 1, max: 2 }),
      interval: FastCheck.integer({ min: 1, max: 40_000 })
    })
  },
  { requiredKeys: [] }
)

describe("deadlines", () => {
  it.effect.prop(
    "no call outlives its deadline, whatever token endpoint and server do, alone or in a queue",
    [
      FastCheck.array(exchange, { minLength: 1, maxLength: 8 }),
      FastCheck.array(login, { minLength: 1, maxLength: 4 }),
      FastCheck.array(policy, { minLength: 1, maxLength: 4 }),
      limits,
      FastCheck.integer({ min: 1, max: 90_000 }),
      FastCheck.integer()
    ],
    ([exchanges, logins, policies, limits, timeout, seed]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(start)
        const scope = yield* Scope.make()
        const tokens = yield* Layer.buildWithScope(tokensOf(logins), scope)
        const metrics = yield* clientOver(
          transportOf(exchanges),
          { timeout, ...limits },
          Layer.succeedContext(tokens)
        )
        const calls = yield* Effect.forEach(policies, (retry) =>
          metrics.execute(typename, { retry }).pipe(
            Effect.exit,
            Effect.zipWith(Clock.currentTimeMillis, (exit, endedAt) => ({ exit, endedAt, retry })),
            Effect.fork
          )
        )
        yield* TestClock.adjust("2 minutes")
        for (const call of calls) {
          const ended = yield* Fiber.poll(call)
          if (ended._tag === "None" || Exit.isFailure(ended.value)) {
            return assert.fail("A call did not end")
          }
          const { endedAt, exit, retry } = ended.value.value
          assert.isAtMost(endedAt - start, Duration.toMillis(retry.deadline))
          // No response of a server may cause a defect, so each failure must be a typed error.
          if (Exit.isFailure(exit)) assert.strictEqual(exit.cause._tag, "Fail")
        }
        yield* Scope.close(scope, Exit.void)
      }).pipe(Effect.withRandom(Random.make(seed))),
    { fastCheck: { numRuns: 60 } }
  )

  it.effect.prop(
    "a Retry-After beyond the deadline fails the call at once and says when to come back, and a shorter one is waited for",
    [
      FastCheck.constantFrom("seconds", "date", "reset", "epoch"),
      FastCheck.integer({ min: 1, max: 120 }),
      FastCheck.constantFrom(429, 503),
      FastCheck.nat(20_000)
    ],
    ([form, wait, anyStatus, headersAfter]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(start)
        // The client waits until a quota is reset only if the status is 429.
        const status = form === "reset" || form === "epoch" ? 429 : anyStatus
        const answeredAt = start + headersAfter
        // A date has whole seconds, so the wait also includes the rest of the current second.
        const comesBackAt =
          form === "date" || form === "epoch"
            ? Math.ceil(answeredAt / 1_000) * 1_000 + wait * 1_000
            : answeredAt + wait * 1_000
        const headers = {
          seconds: { "retry-after": String(wait) },
          date: { "retry-after": new Date(comesBackAt).toUTCString() },
          reset: { "x-ratelimit-reset": String(wait) },
          epoch: { "x-ratelimit-reset": String(comesBackAt / 1_000) }
        }[form]
        let requests = 0
        const metrics = yield* clientOver(
          () =>
            Effect.suspend(() => {
              requests++
              return Effect.delay(Effect.succeed(answer(status, "", headers)), headersAfter)
            }),
          { timeout: "1 minute", retry: RetryPolicy.make({ attempts: 2, baseDelay: 0 }) }
        )
        const call = yield* metrics.execute(typename).pipe(
          Effect.flip,
          Effect.zipWith(Clock.currentTimeMillis, (error, endedAt) => ({ error, endedAt })),
          Effect.fork
        )
        yield* TestClock.adjust("2 minutes")
        const { endedAt, error } = yield* Fiber.join(call)
        if (comesBackAt < start + 60_000) {
          assert.strictEqual(requests, 2)
        } else {
          assert.strictEqual(requests, 1)
          assert.strictEqual(endedAt, answeredAt)
          assert.deepStrictEqual(error.retryAfter, Duration.millis(comesBackAt - answeredAt))
          assert.include(error.hint, "Try again in")
          assert.isTrue(error.isRetryable)
        }
      }),
    { fastCheck: { numRuns: 60 } }
  )

  it.effect("the error of an exceeded deadline says what the call waited for", () =>
    Effect.gen(function* () {
      const problems: Array<string> = []
      for (const [transport, tokens] of [
        [transportOf([]), tokensOf([])],
        [transportOf([]), undefined]
      ] as const) {
        const scope = yield* Scope.make()
        const context =
          tokens === undefined ? undefined : yield* Layer.buildWithScope(tokens, scope)
        const metrics = yield* clientOver(
          transport,
          { retry: RetryPolicy.make({ deadline: "5 seconds" }) },
          ...(context === undefined ? [] : [Layer.succeedContext(context)])
        )
        const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
        yield* TestClock.adjust("5 seconds")
        problems.push((yield* Fiber.join(call)).problem)
        yield* Scope.close(scope, Exit.void)
      }
      assert.deepStrictEqual(
        problems,
        Array.map(
          ["a token", "a response"],
          (thing) => `The call exceeded its deadline of 5s while waiting for ${thing}`
        )
      )
    })
  )

  for (const [what, http, tokens] of [
    ["a token", HttpClient.make(() => Effect.never), tokensOf([])],
    ["a response", HttpClient.make(() => Effect.never), undefined]
  ] as const) {
    it.scoped(
      `the deadline ends a wait for ${what} over an HttpClient, even if nothing can be interrupted`,
      () =>
        Effect.gen(function* () {
          const source: Layer.Layer<TokenProvider.TokenProvider, AuthError | ConfigurationError> =
            tokens ?? oneToken
          const metrics = yield* MetricsClient.make({
            retry: RetryPolicy.make({ deadline: "5 seconds" })
          }).pipe(
            Effect.provideService(HttpClient.HttpClient, http),
            Effect.provide(QueryBuilder.layer),
            Effect.provide(yield* Layer.build(source))
          )
          const ended = yield* Effect.all(
            [
              Effect.flip(Effect.uninterruptible(metrics.execute(typename))),
              Effect.flip(Effect.uninterruptible(metrics.query(query))),
              // With `batching`, Effect runs the resolver of the queries in an uninterruptible
              // region.
              Effect.flip(
                Effect.all([metrics.query(query), metrics.query(Query.limit(query, 1))], {
                  batching: true
                })
              )
            ],
            { concurrency: "unbounded" }
          ).pipe(Effect.fork)
          yield* TestClock.adjust("5 seconds")
          for (const { problem } of yield* Fiber.join(ended)) {
            assert.include(problem, `exceeded its deadline of 5s while waiting for ${what}`)
          }
        })
    )
  }

  it.scoped("the deadline ends a response over an HttpClient whose body stalls", () =>
    Effect.gen(function* () {
      async function* stalled() {
        yield new TextEncoder().encode('{"data":')
        await new Promise(() => {})
      }
      const http = HttpClient.make((request) =>
        Effect.sync(() => {
          const response = HttpClientResponse.fromWeb(request, new Response())
          // To end this iterator, Effect would wait for its pending step, which never ends.
          return Object.defineProperty(response, "stream", {
            value: Stream.fromAsyncIterable(stalled(), () => assert.fail("It does not fail"))
          })
        })
      )
      const metrics = yield* MetricsClient.make({ timeout: "2 seconds" }).pipe(
        Effect.provideService(HttpClient.HttpClient, http),
        Effect.provide(QueryBuilder.layer),
        Effect.provide(oneToken)
      )
      const call = yield* Effect.fork(
        Effect.flip(metrics.execute(typename, { retry: RetryPolicy.none }))
      )
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Fiber.join(call)).reason, "Timeout")
    })
  )
})
