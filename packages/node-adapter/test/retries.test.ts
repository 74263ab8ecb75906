import { assert, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { atOnce, connect, counts, documented, freshSandbox } from "./support/client.js"
import * as Relay from "./support/servers/relay.js"
import { awaitSleepUntil, passSleepOf, virtually } from "./support/virtualTime.js"

const hasuraError = (code: string): string =>
  JSON.stringify({ errors: [{ message: code, extensions: { path: "$", code } }] })

/** Faults that pass. If the same query is sent again, it succeeds. */
const passing: ReadonlyArray<readonly [name: string, fault: Fault.Fault]> = [
  ["429", Fault.rateLimited()],
  ["429 with Retry-After: 0", Fault.rateLimited({ retryAfter: 0 })],
  [
    "429 with a Retry-After in the past",
    Fault.rateLimited({ retryAfter: "Thu, 01 Jan 1970 00:00:00 GMT" })
  ],
  ["429 with a Retry-After that is nonsense", Fault.rateLimited({ retryAfter: "soon" })],
  ["503", Fault.unavailable()],
  ...[408, 500, 502, 504].map(
    (status) => [String(status), Fault.answer({ status, body: "<html></html>" })] as const
  ),
  ["a cut body", Fault.cutBody()],
  ["a reset connection", Fault.reset()],
  ...[
    "postgres-error",
    "postgres-max-connections-error",
    "connection-not-established",
    "concurrent-update",
    "unexpected",
    "rate-limit-exceeded"
  ].map((code) => [`the code ${code} in a 200`, Fault.answer({ body: hasuraError(code) })] as const)
]

/** Faults that do not pass. If the same query were sent again, it would fail again. */
const lasting: ReadonlyArray<readonly [name: string, fault: Fault.Fault]> = [
  ...[302, 400, 403, 404, 405, 413, 422].map(
    (status) => [String(status), Fault.answer({ status, body: "<html></html>" })] as const
  ),
  ["HTML in a 200", Fault.answer({ body: "<html></html>" })],
  ["neither data nor errors", Fault.answer({ body: "{}" })],
  ["data of another shape", Fault.answer({ body: '{"data":{}}' })],
  ["more bytes than allowed", Fault.hugeBody({ bytes: 2_000_000 })],
  ...[
    "access-denied",
    "data-exception",
    "jwt-missing-role-claims",
    "node-limit-exceeded",
    "not-supported",
    "validation-failed",
    "a-code-that-nobody-knows"
  ].map((code) => [`the code ${code} in a 200`, Fault.answer({ body: hasuraError(code) })] as const)
]

layer(Sandbox.layer(), { excludeTestServices: true })("retries", (it) => {
  for (const [name, fault] of passing) {
    it.scoped(`${name} is retried`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox, { retry: atOnce(3) })
        yield* sandbox.control.inject({ ...fault, times: 2 })
        assert.lengthOf(yield* metrics.query(documented), 1)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 3 })
      })
    )
  }

  for (const [name, fault] of lasting) {
    it.scoped(`${name} is not retried`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox, { retry: atOnce(3), maxBodySize: 1_000_000 })
        yield* sandbox.control.inject(fault)
        const error = yield* Effect.flip(metrics.query(documented))
        assert.isFalse(error.isRetryable)
        assert.strictEqual(error.attempts, 1)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
      })
    )
  }

  it.scoped("a body that stalls is tried again after the timeout of one attempt", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, { retry: atOnce(2), timeout: "20 seconds" })
      yield* sandbox.control.inject(Fault.stallBody())
      const call = yield* Effect.fork(metrics.query(documented))
      yield* sandbox.control.awaitRequests(2)
      yield* passSleepOf("20 seconds")
      assert.lengthOf(yield* Fiber.join(call), 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 2 })
    }).pipe(virtually)
  )

  for (const attempts of [1, 2, 4]) {
    it.scoped(
      `a policy of ${attempts} attempts sends ${attempts} requests, and the error says so`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          const { metrics } = yield* connect(sandbox, { retry: atOnce(attempts) })
          yield* sandbox.control.inject(Fault.unavailable({ times: 10 }))
          const error = yield* Effect.flip(metrics.query(documented))
          assert.strictEqual(error.attempts, attempts)
          assert.isTrue(error.isRetryable)
          assert.strictEqual((yield* counts(sandbox)).graphql, attempts)
        })
    )
  }

  it.scoped("RetryPolicy.none sends one request, as an option of the layer or of the call", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const never = yield* connect(sandbox, { retry: RetryPolicy.none })
      yield* sandbox.control.inject(Fault.unavailable({ times: 10 }))
      assert.strictEqual((yield* Effect.flip(never.metrics.query(documented))).attempts, 1)
      const often = yield* connect(sandbox, { retry: atOnce(3) })
      const once = often.metrics.query(documented, { retry: RetryPolicy.none })
      assert.strictEqual((yield* Effect.flip(once)).attempts, 1)
      assert.strictEqual((yield* counts(sandbox)).graphql, 2)
    })
  )

  it.scoped("the replay after a rejected token counts as an attempt", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, { retry: RetryPolicy.none })
      yield* sandbox.control.inject(Fault.invalidJwt())
      yield* sandbox.control.inject(Fault.unavailable())
      assert.strictEqual((yield* Effect.flip(metrics.query(documented))).attempts, 2)
    })
  )

  it.scoped("the provider alone retries a failed token request", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, {
        retry: atOnce(5),
        token: { retry: atOnce(2) }
      })
      yield* sandbox.control.inject(Fault.unavailable({ target: "token", times: 10 }))
      assert.strictEqual((yield* Effect.flip(metrics.query(documented))).reason, "Unavailable")
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 0 })
    })
  )

  it.scoped("waits are random, below a bound that doubles from 200 ms", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox)
      yield* sandbox.control.inject(Fault.unavailable({ times: 3 }))
      const call = yield* Effect.fork(metrics.query(documented))
      for (const [request, bound] of [200, 400, 800].entries()) {
        yield* sandbox.control.awaitRequests(request + 2)
        yield* passSleepOf(bound / 2)
      }
      assert.lengthOf(yield* Fiber.join(call), 1)
    }).pipe(Effect.withRandom(Random.fixed([0.5])), virtually)
  )

  it.scoped("a Retry-After in seconds is waited for", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, { retry: atOnce(2) })
      yield* sandbox.control.inject(Fault.rateLimited({ retryAfter: 7 }))
      const call = yield* Effect.fork(metrics.query(documented))
      yield* passSleepOf("7 seconds")
      assert.lengthOf(yield* Fiber.join(call), 1)
      assert.strictEqual((yield* counts(sandbox)).graphql, 2)
    }).pipe(virtually)
  )

  it.scoped("a Retry-After that is an HTTP date is waited for", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* TestClock.setTime(new Date("2026-01-05T10:00:00Z"))
      const { metrics } = yield* connect(sandbox, { retry: atOnce(2) })
      yield* sandbox.control.inject(
        Fault.rateLimited({ retryAfter: "Mon, 05 Jan 2026 10:00:09 GMT" })
      )
      const call = yield* Effect.fork(metrics.query(documented))
      yield* passSleepOf("9 seconds")
      assert.lengthOf(yield* Fiber.join(call), 1)
    }).pipe(virtually)
  )

  for (const [name, reset] of [
    ["epoch seconds", "1767607211"],
    ["seconds from now", "11"]
  ] as const) {
    it.scoped(`x-ratelimit-reset in ${name} is waited for`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        yield* TestClock.setTime(new Date("2026-01-05T10:00:00Z"))
        const { metrics } = yield* connect(sandbox, { retry: atOnce(2) })
        yield* sandbox.control.inject(
          Fault.answer({ status: 429, headers: { "x-ratelimit-reset": reset }, body: "{}" })
        )
        const call = yield* Effect.fork(metrics.query(documented))
        yield* passSleepOf("11 seconds")
        assert.lengthOf(yield* Fiber.join(call), 1)
      }).pipe(virtually)
    )
  }

  it.scoped("the token endpoint's Retry-After is waited for", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, { token: { retry: atOnce(2) } })
      yield* sandbox.control.inject(Fault.rateLimited({ target: "token", retryAfter: 3 }))
      const call = yield* Effect.fork(metrics.query(documented))
      yield* passSleepOf("3 seconds")
      assert.lengthOf(yield* Fiber.join(call), 1)
      assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 1 })
    }).pipe(virtually)
  )

  for (const target of ["graphql", "token"] as const) {
    it.scoped(`a ${target} endpoint's Retry-After beyond the deadline fails at once`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox)
        yield* sandbox.control.inject(Fault.rateLimited({ target, retryAfter: 3_600 }))
        // The clock does not move, so a wait would never end.
        const error = yield* Effect.flip(metrics.query(documented))
        assert.strictEqual(error.reason, "RateLimited")
        assert.deepStrictEqual(error.retryAfter, Duration.hours(1))
        assert.include(error.hint, "1h")
        assert.isTrue(error.isRetryable)
        assert.strictEqual((yield* counts(sandbox))[target], 1)
      }).pipe(virtually)
    )
  }

  it.scoped("the deadline covers a token endpoint that stalls", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, {
        retry: RetryPolicy.make({ deadline: "5 seconds" })
      })
      yield* sandbox.control.inject(Fault.stallBody({ target: "token" }))
      const call = yield* Effect.fork(Effect.flip(metrics.query(documented)))
      yield* sandbox.control.awaitRequests(1)
      yield* passSleepOf("5 seconds")
      const error = yield* Fiber.join(call)
      assert.deepStrictEqual([error._tag, error.reason], ["TransportError", "DeadlineExceeded"])
      assert.include(error.message, "5s")
      assert.strictEqual(error.attempts, 0)
    }).pipe(virtually)
  )

  it.scoped("the deadline covers an attempt, and the error says what failed before", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { metrics } = yield* connect(sandbox, {
        retry: RetryPolicy.make({ baseDelay: 0, deadline: "10 seconds" })
      })
      yield* sandbox.control.inject(Fault.rateLimited({ retryAfter: 4 }))
      yield* sandbox.control.inject(Fault.stallBody())
      const start = yield* Clock.currentTimeMillis
      const call = yield* Effect.fork(Effect.flip(metrics.query(documented)))
      yield* passSleepOf("4 seconds")
      yield* sandbox.control.awaitRequests(3)
      yield* awaitSleepUntil(start + 10_000)
      yield* TestClock.adjust("6 seconds")
      const error = yield* Fiber.join(call)
      assert.strictEqual(error.reason, "DeadlineExceeded")
      assert.include(error.message, "Too Many Requests")
      assert.strictEqual(error.attempts, 2)
    }).pipe(virtually)
  )

  it.scoped(
    "rateLimit applies to all calls of a layer, and the deadline covers the wait for a turn",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { metrics } = yield* connect(sandbox, {
          rateLimit: { limit: 1, interval: "1 minute" },
          retry: RetryPolicy.make({ deadline: "5 seconds" })
        })
        assert.lengthOf(yield* metrics.query(documented), 1)
        const call = yield* Effect.fork(Effect.flip(metrics.query(documented)))
        yield* awaitSleepUntil(60_000)
        yield* TestClock.adjust("5 seconds")
        const error = yield* Fiber.join(call)
        assert.strictEqual(error.reason, "DeadlineExceeded")
        assert.include(error.problem, "rateLimit")
        assert.deepStrictEqual(error.waited, Duration.seconds(5))
        assert.strictEqual((yield* counts(sandbox)).graphql, 1)
      }).pipe(virtually)
  )

  it.scoped("an interrupted call aborts its request, and the next one succeeds", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const { metrics } = yield* connect(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
      yield* sandbox.control.inject(Fault.stallBody())
      const call = yield* Effect.fork(metrics.query(documented))
      yield* sandbox.control.awaitRequests(2)
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(call)))
      yield* relay.awaitAborted(1)
      assert.lengthOf(yield* metrics.query(documented), 1)
    })
  )

  it.scoped("a timeout around a call aborts its request", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const { metrics } = yield* connect(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) })
      yield* sandbox.control.inject(Fault.stallBody())
      const call = yield* Effect.fork(Effect.timeoutOption(metrics.query(documented), "3 seconds"))
      yield* sandbox.control.awaitRequests(2)
      yield* passSleepOf("3 seconds")
      assert.strictEqual((yield* Fiber.join(call))._tag, "None")
      yield* relay.awaitAborted(1)
    }).pipe(virtually)
  )

  it.scoped("closing the layer closes its connections, including those in use", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const scope = yield* Scope.make()
      const { metrics, tokens } = yield* Scope.extend(
        connect(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url), retry: RetryPolicy.none }),
        scope
      )
      assert.lengthOf(yield* metrics.query(documented), 1)
      yield* sandbox.control.inject(Fault.stallBody())
      const call = yield* Effect.fork(Effect.flip(metrics.query(documented)))
      yield* sandbox.control.awaitRequests(3)
      yield* Scope.close(scope, Exit.void)
      yield* relay.awaitOpenConnections(0)
      assert.strictEqual((yield* Fiber.join(call))._tag, "TransportError")
      assert.strictEqual((yield* Effect.flip(tokens.get)).reason, "Closed")
      assert.strictEqual((yield* Effect.flip(metrics.query(documented))).reason, "Closed")
    })
  )

  it.scoped("closing the layer ends the wait for a token with a typed error", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const relay = yield* Relay.make(sandbox.urls.v1)
      const scope = yield* Scope.make()
      const { metrics } = yield* Scope.extend(
        connect(sandbox, { api: Api.withBaseUrl(Api.v1, relay.url) }),
        scope
      )
      yield* sandbox.control.inject(Fault.stallBody({ target: "token" }))
      const call = yield* Effect.fork(Effect.flip(metrics.query(documented)))
      yield* sandbox.control.awaitRequests(1)
      yield* Scope.close(scope, Exit.void)
      const error = yield* Fiber.join(call)
      assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "Closed"])
      yield* relay.awaitOpenConnections(0)
    })
  )
})
