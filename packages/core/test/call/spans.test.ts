/** Tests the span of a call. Time is virtual. */
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { recordingTracer } from "../support/recordingTracer.js"
import { answer, answered, clientOver, oneToken, typename } from "../support/transportClient.js"

/** Returns the spans of a call, in the order in which the spans ended. */
const spansOf = (options: MetricsClient.Options, operation: object, response = answered) =>
  Effect.gen(function* () {
    const { spans, tracer } = recordingTracer()
    const metrics = yield* clientOver(() => Effect.succeed(response), options)
    yield* Effect.withTracer(Effect.either(metrics.execute({ ...typename, ...operation })), tracer)
    return spans
  })

/** A provider that adds to `seen` the span in which its token is requested. */
const watched = (seen: Array<string>) =>
  Layer.effect(
    TokenProvider.TokenProvider,
    Effect.map(TokenProvider.TokenProvider, ({ get, invalidate }) =>
      TokenProvider.TokenProvider.of({
        get: Effect.zipRight(
          Effect.map(Effect.option(Effect.currentSpan), (span) =>
            seen.push(Option.match(span, { onNone: () => "none", onSome: ({ name }) => name }))
          ),
          get
        ),
        invalidate
      })
    )
  ).pipe(Layer.provide(oneToken))

describe("the span of a call", () => {
  it.scoped("the span of a call is the parent of the spans of its token request", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const tokens = Layer.effect(
        TokenProvider.TokenProvider,
        Effect.map(TokenProvider.TokenProvider, ({ get, invalidate }) =>
          TokenProvider.TokenProvider.of({ get: Effect.withSpan(get, "token"), invalidate })
        )
      ).pipe(Layer.provide(oneToken))
      const metrics = yield* clientOver(() => Effect.succeed(answered), {}, tokens)
      yield* Effect.withTracer(metrics.execute(typename), tracer)
      const token = spans.find(({ name }) => name === "token")
      const parent = Option.getOrUndefined(token?.parent ?? Option.none())
      assert.strictEqual(
        parent,
        spans.find(({ name }) => name === "graphql")
      )
    })
  )

  it.scoped(
    "the span of a call has the number of retries, the last status, and the id of the error",
    () =>
      Effect.gen(function* () {
        const { spans, tracer } = recordingTracer()
        const metrics = yield* clientOver(() => Effect.succeed(answer(503, "")), {
          retry: RetryPolicy.make({ attempts: 3 })
        })
        const call = yield* Effect.fork(
          Effect.withTracer(Effect.flip(metrics.execute(typename)), tracer)
        )
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(call)
        assert.match(String(error.requestId), /^[0-9a-f]{14}$/)
        assert.strictEqual(spans[0]?.attributes.get("innerspace.request.id"), error.requestId)
        assert.strictEqual(spans[0]?.attributes.get("http.request.resend_count"), 2)
        assert.strictEqual(spans[0]?.attributes.get("http.response.status_code"), 503)
      })
  )

  it.scoped("the span of a call has no status if no response arrived", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recordingTracer()
      const metrics = yield* clientOver(() => Effect.never, { retry: RetryPolicy.none })
      const call = yield* Effect.fork(
        Effect.withTracer(Effect.flip(metrics.execute(typename)), tracer)
      )
      yield* TestClock.adjust("20 seconds")
      yield* Fiber.join(call)
      assert.isFalse(spans[0]?.attributes.has("http.response.status_code"))
    })
  )

  for (const [url, address, port] of [
    ["https://api.innerspace.io", "api.innerspace.io", 443],
    ["http://localhost", "localhost", 80],
    ["http://localhost:4000", "localhost", 4000]
  ] as const) {
    it.scoped(
      `the span of a call has OpenTelemetry's names for the server ${url} and the operation`,
      () =>
        Effect.gen(function* () {
          const api = Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, url))
          const [span] = yield* spansOf({ api }, { operationName: "Weekly" })
          assert.strictEqual(span?.name, "query Weekly")
          assert.strictEqual(span?.kind, "client")
          const { "innerspace.request.id": id, ...attributes } = Object.fromEntries(
            span?.attributes ?? []
          )
          assert.match(String(id), /^[0-9a-f]{14}$/)
          assert.deepStrictEqual(attributes, {
            "server.address": address,
            "server.port": port,
            "graphql.operation.type": "query",
            "graphql.operation.name": "Weekly",
            "http.request.resend_count": 0,
            "http.response.status_code": 200
          })
        })
    )
  }

  it.scoped(
    "the span of a call without an operation name has the name graphql, and the type of an error",
    () =>
      Effect.gen(function* () {
        const [span] = yield* spansOf({}, {}, answer(404, ""))
        assert.strictEqual(span?.name, "graphql")
        assert.isFalse(span?.attributes.has("graphql.operation.name"))
        assert.strictEqual(span?.attributes.get("error.type"), "ResponseError.UnexpectedStatus")
      })
  )

  it.scoped("a span is made only if somebody can see it, or if trace headers are sent", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const sent: Array<boolean> = []
      for (const traceHeaders of [false, true]) {
        const metrics = yield* clientOver(
          ({ headers }) => {
            sent.push("traceparent" in headers)
            return Effect.succeed(answered)
          },
          { traceHeaders },
          watched(seen)
        )
        yield* metrics.execute(typename)
        yield* Effect.withTracer(metrics.execute(typename), recordingTracer().tracer)
      }
      assert.deepStrictEqual(seen, ["none", "graphql", "graphql", "graphql"])
      assert.deepStrictEqual(sent, [false, false, true, true])
    })
  )
})
