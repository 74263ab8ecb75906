/** Tests `MetricsClient.schema`, which requests the server's schema once. */
import { assert, describe, it, layer } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as CheckedQueryBuilder from "@innerspace-metrics/core/CheckedQueryBuilder"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { DecodeError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Table from "@innerspace-metrics/core/Table"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { getIntrospectionQuery, parse, print } from "graphql"
import { client, fresh, operations, TestLive } from "../support/sandboxClient.js"
import { answer, clientOver } from "../support/transportClient.js"

layer(TestLive, { timeout: "60 seconds" })("MetricsClient.schema", (it) => {
  it.effect("the schema is requested once, for any callers at any time", () =>
    Effect.gen(function* () {
      yield* fresh
      const metrics = yield* client()
      const together = yield* Effect.all([metrics.schema, metrics.schema, metrics.schema], {
        concurrency: "unbounded"
      })
      const later = yield* metrics.schema
      for (const schema of together) assert.strictEqual(schema, later)
      assert.deepStrictEqual(yield* operations, ["IntrospectionQuery"])
      const catalog = yield* Catalog.fromIntrospection("live", later)
      assert.isTrue(catalog.tables.has("building_metrics"))
    })
  )

  it.effect("the schema is requested again after a failure", () =>
    Effect.gen(function* () {
      yield* fresh
      const { control } = yield* Sandbox.Sandbox
      const metrics = yield* client({ retry: RetryPolicy.none })
      yield* control.inject(Fault.unavailable())
      const error = yield* Effect.flip(metrics.schema)
      assert.strictEqual(error._tag, "ResponseError")
      assert.strictEqual(error.operationName, "IntrospectionQuery")
      assert.property(yield* metrics.schema, "__schema")
    })
  )

  it.effect("the schema is requested again after its first caller was interrupted", () =>
    Effect.gen(function* () {
      yield* fresh
      const { control } = yield* Sandbox.Sandbox
      const metrics = yield* client()
      yield* control.inject(Fault.stallBody())
      const first = yield* Effect.fork(metrics.schema)
      yield* control.awaitRequests(1)
      yield* Fiber.interrupt(first)
      assert.property(yield* metrics.schema, "__schema")
    })
  )

  it.effect("the request for the schema is retried as calls are", () =>
    Effect.gen(function* () {
      yield* fresh
      const { control } = yield* Sandbox.Sandbox
      const metrics = yield* client({
        retry: RetryPolicy.make({ baseDelay: "0 millis", maxDelay: "0 millis" })
      })
      yield* control.inject(Fault.unavailable({ times: 2 }))
      assert.property(yield* metrics.schema, "__schema")
    })
  )

  it.effect("a response without a schema is a DecodeError", () =>
    Effect.gen(function* () {
      yield* fresh
      const { control } = yield* Sandbox.Sandbox
      const metrics = yield* client({ retry: RetryPolicy.none })
      yield* control.inject(Fault.answer({ status: 200, body: '{"data":{"hello":"world"}}' }))
      const error = yield* Effect.flip(metrics.schema)
      assert.instanceOf(error, DecodeError)
      assert.include(error.found, "hello")
    })
  )

  it.scoped("the schema checks the operations of a client with a CheckedQueryBuilder", () =>
    Effect.gen(function* () {
      yield* fresh
      const { urls } = yield* Sandbox.Sandbox
      const api = Api.withBaseUrl(Api.v1, urls.v1)
      const PlainClient = MetricsClient.layer({ api })
      const schema = Effect.flatMap(MetricsClient.MetricsClient, (metrics) => metrics.schema)
      const context = yield* Layer.build(
        MetricsClient.layer({ api }).pipe(
          Layer.provide(CheckedQueryBuilder.layer(schema)),
          Layer.provide(PlainClient)
        )
      )
      const metrics = yield* Effect.provide(MetricsClient.MetricsClient, context)
      const query = Query.from(building_metrics, { select: ["metric_value"], limit: 1 })
      yield* metrics.query(query)
      const renamed = Table.make("building_metricz", building_metrics.columns)
      const error = yield* Effect.flip(
        metrics.query(Query.from(renamed, { select: ["metric_value"], limit: 1 }))
      )
      assert.strictEqual(error._tag, "QueryError")
      assert.include(error.hint, "building_metrics")
      assert.deepStrictEqual(yield* operations, ["IntrospectionQuery", "building_metrics"])
    })
  )
})

describe("the introspection query", () => {
  it.effect("the introspection query equals graphql's own without descriptions", () =>
    Effect.gen(function* () {
      const sent: Array<string> = []
      const metrics = yield* clientOver(
        ({ body }) =>
          Effect.sync(() => {
            sent.push(body)
            return answer(200, '{"data":{"__schema":{}}}')
          }),
        {}
      )
      yield* metrics.schema
      const [body = ""] = sent
      const normal = (document: string) => print(parse(document))
      assert.strictEqual(
        normal(JSON.parse(body).query),
        normal(getIntrospectionQuery({ descriptions: false }))
      )
    })
  )
})
