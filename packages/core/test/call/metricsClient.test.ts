/** Tests calls over `fetch`, as a browser or an edge runtime makes them, against the sandbox. */
import { assert, describe, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { parse } from "graphql"
import { recordingTracer } from "../support/recordingTracer.js"
import { client, fresh, TestLive } from "../support/sandboxClient.js"

const MetricsLive = Layer.effect(MetricsClient.MetricsClient, client()).pipe(
  Layer.provideMerge(TestLive)
)

const weekly = Query.from(building_features, {
  select: ["feature_value", "date_time_start"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.week("2024-W01", "America/Chicago")
  }
})

layer(MetricsLive)("MetricsClient over fetch", (it) => {
  describe("query", () => {
    it.effect("query returns one typed row for the vendor's documented query", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        const rows = yield* metrics.query(weekly)
        assert.strictEqual(rows.length, 1)
        assert.isTrue(
          rows.every(
            (row) => DateTime.formatIso(row.date_time_start) === "2024-01-01T06:00:00.000Z"
          )
        )
      })
    )

    it.effect("query finds its rows under an alias", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        assert.strictEqual((yield* metrics.query(Query.as(weekly, "data"))).length, 1)
      })
    )

    it.effect("query names a query that cannot be built, and sends nothing", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        const error = yield* Effect.flip(metrics.query(Query.limit(weekly, -1)))
        assert.strictEqual(error._tag, "QueryError")
        assert.deepInclude({ ...error }, { operationName: "building_features", attempts: 0 })
        assert.deepStrictEqual(yield* sandbox.control.requests, [])
      })
    )

    it.effect(
      "query renews a token that the API no longer accepts, and sends the query again",
      () =>
        Effect.gen(function* () {
          const sandbox = yield* fresh
          const metrics = yield* MetricsClient.MetricsClient
          yield* metrics.query(weekly)
          yield* sandbox.control.expireTokens
          assert.strictEqual((yield* metrics.query(weekly)).length, 1)
          const kinds = (yield* sandbox.control.requests).map((request) => request.kind)
          assert.deepStrictEqual(kinds.slice(-3), ["graphql", "token", "graphql"])
        })
    )
  })

  describe("execute", () => {
    const schema = Schema.Struct({
      rows: Schema.Array(Schema.Struct({ building_id: Schema.Number }))
    })
    const document =
      "query buildings($limit: Int!) { rows: building_features(limit: $limit) { building_id } }"

    it.effect(
      "execute sends a document with its variables and decodes the response by a Schema",
      () =>
        Effect.gen(function* () {
          yield* fresh
          const metrics = yield* MetricsClient.MetricsClient
          for (const form of [document, parse(document)]) {
            const data = yield* metrics.execute({ document: form, variables: { limit: 2 }, schema })
            assert.strictEqual(data.rows.length, 2)
          }
        })
    )

    it.effect("the error of execute says where the data does not match the Schema", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        const error = yield* Effect.flip(
          metrics.execute({
            document,
            operationName: "buildings",
            variables: { limit: 1 },
            schema: Schema.Struct({
              rows: Schema.Array(Schema.Struct({ building_id: Schema.String }))
            })
          })
        )
        if (error._tag !== "DecodeError") return assert.fail(error._tag)
        assert.strictEqual(error.reason, "SchemaMismatch")
        assert.match(error.message, /data\.rows\.0\.building_id is 7\d/)
        assert.strictEqual(error.operationName, "buildings")
        assert.strictEqual(error.attempts, 1)
      })
    )

    it.effect("the error of execute says that the Schema throws, and what it throws", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        const thrown = Schema.transform(Schema.Unknown, Schema.Number, {
          strict: true,
          decode: (): number => {
            throw new RangeError("no such building")
          },
          encode: (value) => value
        })
        const error = yield* Effect.flip(
          metrics.execute({
            document,
            operationName: "buildings",
            variables: { limit: 1 },
            schema: thrown
          })
        )
        if (error._tag !== "DecodeError") return assert.fail(error._tag)
        assert.strictEqual(error.reason, "SchemaMismatch")
        assert.include(error.message, "the Schema throws RangeError: no such building")
        assert.strictEqual(error.operationName, "buildings")
      })
    )

    it.effect("the error of execute quotes the server's message about a rejected document", () =>
      Effect.gen(function* () {
        yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        const error = yield* Effect.flip(
          metrics.execute({ document: "query wrong { nope { a } }", schema })
        )
        if (error._tag !== "GraphQLError") return assert.fail(error._tag)
        assert.strictEqual(error.reason, "Invalid")
        assert.deepStrictEqual(
          error.errors.map((entry) => entry.code),
          ["validation-failed"]
        )
        assert.isFalse(error.isRetryable)
      })
    )

    it.effect("execute rejects variables that are not JSON", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        const cycle: { self?: unknown } = {}
        cycle.self = cycle
        const error = yield* Effect.flip(
          // Untyped code can pass anything.
          metrics.execute({ document, variables: { limit: cycle as unknown as number }, schema })
        )
        assert.strictEqual(`${error._tag} ${error.reason}`, "QueryError InvalidValue")
        assert.deepStrictEqual(yield* sandbox.control.requests, [])
      })
    )
  })

  describe("spans", () => {
    /** Collects the spans that end while an effect runs. */
    const collected = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.gen(function* () {
        const { spans, tracer } = recordingTracer()
        yield* Effect.ignore(Effect.withTracer(effect, tracer))
        return spans.map(
          (span): Record<string, unknown> => ({
            name: span.name,
            kind: span.kind,
            ...Object.fromEntries(span.attributes)
          })
        )
      })

    it.effect("each call has one span by OpenTelemetry's conventions, without headers", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        yield* metrics.query(weekly)
        const [span, ...others] = yield* collected(metrics.query(weekly))
        assert.deepStrictEqual(others, [])
        assert.deepInclude(span ?? {}, {
          name: "query building_features",
          kind: "client",
          "graphql.operation.type": "query",
          "graphql.operation.name": "building_features",
          "server.address": "localhost",
          "server.port": Number(new URL(sandbox.urls.v1).port),
          "http.response.status_code": 200,
          "http.request.resend_count": 0
        })
      })
    )

    it.effect("the span of a failed call names the kind of failure", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        yield* metrics.query(weekly)
        yield* sandbox.control.inject(Fault.answer({ status: 404, body: "" }))
        const [span] = yield* collected(metrics.query(weekly))
        assert.deepInclude(span ?? {}, {
          "http.response.status_code": 404,
          "error.type": "ResponseError.UnexpectedStatus"
        })
      })
    )

    it.effect("traceparent is sent only if traceHeaders is on", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const quiet = yield* MetricsClient.MetricsClient
        const tracing = yield* MetricsClient.make({
          api: Api.withBaseUrl(Api.v1, sandbox.urls.v1),
          traceHeaders: true
        })
        yield* collected(quiet.query(weekly))
        yield* collected(tracing.query(weekly))
        const sent = (yield* sandbox.control.requests)
          .filter((request) => request.kind === "graphql")
          .map((request) => request.headers["traceparent"])
        assert.deepStrictEqual(sent, [
          undefined,
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        ])
      })
    )
  })

  describe("a token that the server echoes", () => {
    it.effect(
      "a token that the server echoes is redacted in partial data and in a wrong cell",
      () =>
        Effect.gen(function* () {
          const sandbox = yield* fresh
          const metrics = yield* MetricsClient.MetricsClient
          const provider = yield* TokenProvider.TokenProvider
          const token = Redacted.value((yield* provider.get).value)
          for (const [body, tag] of [
            [
              { data: { [token]: [{ deep: token }] }, errors: [{ message: "partial" }] },
              "GraphQLError"
            ],
            [
              { data: { building_features: [{ feature_value: 1, date_time_start: token }] } },
              "DecodeError"
            ]
          ] as const) {
            yield* sandbox.control.inject(Fault.answer({ body: JSON.stringify(body) }))
            const error = yield* Effect.flip(metrics.query(weekly))
            assert.strictEqual(error._tag, tag)
            const shown = JSON.stringify(error) + error.message
            assert.include(shown, "<redacted>")
            // The error shortens the value that it found, so this searches only for the beginning
            // of the token.
            assert.notInclude(shown, token.slice(0, 40))
          }
        })
    )
  })

  describe("redirects", () => {
    it.effect("redirects are not followed with a credential", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* MetricsClient.MetricsClient
        yield* metrics.query(weekly)
        const before = (yield* sandbox.control.requests).length
        yield* sandbox.control.inject(
          Fault.answer({
            status: 307,
            headers: { location: `${sandbox.urls.v2}/v2/api` },
            body: ""
          })
        )
        const error = yield* Effect.flip(metrics.query(weekly))
        assert.strictEqual(`${error._tag} ${error.reason}`, "ResponseError Redirected")
        assert.strictEqual((yield* sandbox.control.requests).length, before + 1)
      })
    )
  })

  describe("limits of a client", () => {
    it.effect("a body longer than maxBodySize is rejected, with a declared length or not", () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const metrics = yield* MetricsClient.make({
          api: Api.withBaseUrl(Api.v1, sandbox.urls.v1),
          maxBodySize: 1_000,
          retry: RetryPolicy.none
        })
        for (const fault of [
          Fault.hugeBody({ bytes: 100_000 }),
          Fault.answer({ body: "x".repeat(2_000) })
        ]) {
          yield* sandbox.control.inject(fault)
          const error = yield* Effect.flip(metrics.query(weekly))
          assert.strictEqual(`${error._tag} ${error.reason}`, "ResponseError TooLarge")
        }
      })
    )

    it.effect("a client option out of its range is a ConfigurationError", () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(MetricsClient.make({ maxBodySize: 0 }))
        assert.strictEqual(error.reason, "InvalidOption")
        assert.match(error.message, /maxBodySize is 0/)
      })
    )
  })
})
