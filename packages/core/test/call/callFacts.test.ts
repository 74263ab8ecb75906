/** Tests the facts that an error and a request contain about their call. Time is virtual. */
import { assert, describe, it } from "@effect/vitest"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { recordingTracer } from "../support/recordingTracer.js"
import { answer, answered, clientOver, oneToken, typename } from "../support/transportClient.js"

/**
 * The timeout of an attempt is longer than the deadline of the call, so the deadline ends the call.
 */
const patient: MetricsClient.Options = {
  retry: RetryPolicy.make({ deadline: "10 seconds", attempts: 2 }),
  timeout: "1 minute"
}

const unhurried = RetryPolicy.make({ deadline: "1 hour", attempts: 1 })

const noToken = Layer.succeed(
  TokenProvider.TokenProvider,
  TokenProvider.TokenProvider.of({
    get: Effect.never,
    invalidate: () => Effect.void
  })
)

/** Returns the error of a call that exceeds its deadline. */
const late = (metrics: MetricsClient.MetricsClient) =>
  Effect.gen(function* () {
    const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
    yield* TestClock.adjust("20 seconds")
    return yield* Fiber.join(call)
  })

describe("the error of a call beyond its deadline", () => {
  it.scoped("the error of an exceeded deadline says that the call waited for a token", () =>
    Effect.gen(function* () {
      const metrics = yield* clientOver(() => Effect.succeed(answered), patient, noToken)
      const error = yield* late(metrics)
      assert.include(error.message, "while waiting for a token")
      assert.deepStrictEqual([error.attempts, error.waited], [0, Duration.zero])
    })
  )

  it.scoped(
    "the error of an exceeded deadline says that the call waited for a response, without waits of its own",
    () =>
      Effect.gen(function* () {
        const metrics = yield* clientOver(() => Effect.never, patient)
        const error = yield* late(metrics)
        assert.include(error.message, "while waiting for a response")
        assert.include(error.message, "query fewer rows")
        assert.deepStrictEqual([error.attempts, error.waited], [1, Duration.zero])
      })
  )

  it.scoped(
    "the error of an exceeded deadline says that the call waited for its turn, and how long",
    () =>
      Effect.gen(function* () {
        const metrics = yield* clientOver(() => Effect.never, {
          ...patient,
          concurrency: 1
        })
        // This operation has another document, because equal operations share a response.
        const first = { ...typename, document: "query First { __typename }" }
        yield* Effect.fork(metrics.execute(first, { retry: unhurried }))
        yield* TestClock.adjust(1)
        const error = yield* late(metrics)
        assert.include(error.message, "while waiting for its turn under rateLimit or concurrency")
        assert.include(error.message, "Make fewer calls at a time")
        assert.deepStrictEqual([error.attempts, error.waited], [0, Duration.seconds(10)])
      })
  )
})

describe("the time limit of an attempt", () => {
  it.scoped(
    "a timeout equal to the call's deadline is reported as the deadline, because no retry is possible",
    () =>
      Effect.gen(function* () {
        const metrics = yield* clientOver(() => Effect.never, { ...patient, timeout: "10 seconds" })
        assert.strictEqual((yield* late(metrics)).reason, "DeadlineExceeded")
      })
  )

  it.scoped("an attempt's timeout does not run while the request waits for a connection", () =>
    Effect.gen(function* () {
      const clock = yield* Effect.clock
      // A request waits 15 seconds for a connection, and then gets no response.
      const transport: HttpExchange.Transport = (_request, _secrets, _options, _done, onWait) => {
        const onSent = onWait?.()
        Effect.runFork(
          Effect.withClock(
            Effect.delay(
              Effect.sync(() => onSent?.()),
              "15 seconds"
            ),
            clock
          )
        )
        return () => undefined
      }
      const failing = (options: MetricsClient.Options) =>
        Effect.gen(function* () {
          const metrics = yield* MetricsClient.makeWithTransport(transport, options)
          const call = yield* Effect.fork(Effect.flip(metrics.execute(typename)))
          yield* TestClock.adjust("17 seconds")
          assert.isNull(yield* Fiber.poll(call).pipe(Effect.map(Option.getOrNull)))
          yield* TestClock.adjust("1 minute")
          return yield* Fiber.join(call)
        }).pipe(Effect.provide([QueryBuilder.layer, oneToken]))
      const retry = RetryPolicy.make({ attempts: 1, deadline: "1 minute" })
      const attempt = yield* failing({ timeout: "4 seconds", retry })
      assert.deepStrictEqual([attempt.reason, attempt.waited], ["Timeout", Duration.seconds(15)])
    })
  )

  it.scoped(
    "a wait for a connection does not extend the call's deadline, and the error names the connection",
    () =>
      Effect.gen(function* () {
        const metrics = yield* MetricsClient.makeWithTransport(
          (_request, _secrets, _options, _done, onWait) => {
            onWait?.()
            return () => undefined
          },
          patient
        )
        const error = yield* late(metrics)
        assert.include(error.message, "while waiting for a free connection")
        assert.deepStrictEqual(error.waited, Duration.seconds(10))
      }).pipe(Effect.provide([QueryBuilder.layer, oneToken]))
  )
})

describe("the request of a call", () => {
  /** The headers that a client with these options sends. */
  const headersOf = (options: MetricsClient.Options, tokens = oneToken) =>
    Effect.gen(function* () {
      const sent: Array<{ readonly [name: string]: string }> = []
      const metrics = yield* clientOver(
        ({ headers }) => {
          sent.push(headers)
          return Effect.succeed(answered)
        },
        options,
        tokens
      )
      yield* Effect.withTracer(metrics.execute(typename), recordingTracer().tracer)
      return sent[0] ?? {}
    })

  it.scoped("the request of a call is JSON with the token and a request id", () =>
    Effect.gen(function* () {
      const { "x-request-id": id, ...headers } = yield* headersOf({ traceHeaders: false })
      assert.deepStrictEqual(headers, {
        accept: "application/json",
        authorization: "Bearer token",
        "content-type": "application/json"
      })
      assert.match(id ?? "", /^[0-9a-f]{14}$/)
    })
  )

  it.scoped("the header of a request has only the token if the API has no scheme", () =>
    Effect.gen(function* () {
      const headers = yield* headersOf(
        {},
        TokenProvider.layerStatic({
          value: Redacted.make("other"),
          header: { name: "x-api-key" }
        })
      )
      assert.strictEqual(headers["x-api-key"], "other")
    })
  )

  it.scoped("a request has the trace only if the client sends trace headers", () =>
    Effect.gen(function* () {
      const { traceparent } = yield* headersOf({ traceHeaders: true })
      assert.strictEqual(traceparent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
      assert.notProperty(yield* headersOf({ traceHeaders: false }), "traceparent")
    })
  )

  it.scoped("an error has the request id that the server sent, without the token", () =>
    Effect.gen(function* () {
      const metrics = yield* clientOver(
        () => Effect.succeed(answer(404, "", { "x-request-id": "seen token 17" })),
        {}
      )
      const error = yield* Effect.flip(metrics.execute(typename))
      assert.strictEqual(error.requestId, "seen <redacted> 17")
    })
  )
})
