/**
 * Tests more concurrent calls than connections. The request of a call that waits for a connection
 * has not been sent.
 */
import type { ServerResponse } from "node:http"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { atOnce } from "../support/client.js"
import { until } from "../support/eventLoop.js"
import { listen } from "../support/servers/httpServer.js"

const connections = 64

const queryOf = (building_id: number) =>
  Query.from(building_metrics, { select: ["metric_value"], where: { building_id }, limit: 1 })

/**
 * A client with a timeout of 2 seconds per attempt, and a server that responds to queries only when
 * the test runs `answer`.
 */
const holding = Effect.gen(function* () {
  const held: Array<ServerResponse> = []
  let seen = 0
  // Each query has another number, because equal queries would share one request.
  let asked = 0
  let tokens = 0
  const server = yield* listen((request, response) => {
    if (request.url?.endsWith("/token")) {
      response.end(JSON.stringify({ access_token: `token-${++tokens}`, expires_in: 3_600 }))
    } else {
      seen++
      held.push(response)
    }
  })
  const services = yield* Layer.build(
    NodeMetrics.layer({
      clientId: "somebody",
      clientSecret: Redacted.make("s3cret"),
      api: Api.withBaseUrl(Api.v1, server.url),
      timeout: "2 seconds",
      retry: { ...atOnce(2), deadline: Duration.seconds(10) }
    })
  )
  const { query } = Context.get(services, MetricsClient.MetricsClient)
  return {
    tokens: Context.get(services, TokenProvider.TokenProvider),
    begin: (count: number, options?: MetricsClient.CallOptions) =>
      Effect.replicateEffect(
        Effect.suspend(() => Effect.fork(Effect.either(query(queryOf(asked++), options)))),
        count
      ),
    awaitSeen: (count: number) => until(Effect.sync(() => seen === count)),
    answer: Effect.sync(() => {
      for (const response of held.splice(0)) {
        response.end('{"data":{"building_metrics":[{"metric_value":1}]}}')
      }
    })
  }
})

it.scoped("an attempt's time starts when its request is sent, first come, first served", () =>
  Effect.gen(function* () {
    const { answer, awaitSeen, begin } = yield* holding
    const calls = yield* begin(2 * connections + 10)
    for (const seen of [connections, 2 * connections, 2 * connections + 10]) {
      yield* awaitSeen(seen)
      yield* TestClock.adjust("1900 millis")
      yield* answer
    }
    for (const call of calls) assert.strictEqual((yield* Fiber.join(call))._tag, "Right")
  })
)

it.scoped("an attempt that waited for a connection has its full timeout afterwards", () =>
  Effect.gen(function* () {
    const { answer, awaitSeen, begin } = yield* holding
    const calls = yield* begin(connections + 1)
    yield* awaitSeen(connections)
    yield* TestClock.adjust("1900 millis")
    yield* answer
    yield* awaitSeen(connections + 1)
    yield* TestClock.adjust("1999 millis")
    yield* awaitSeen(connections + 1)
    yield* TestClock.adjust("1 millis")
    // The attempt has timed out, so the call sends its request again.
    yield* awaitSeen(connections + 2)
    yield* answer
    for (const call of calls) assert.strictEqual((yield* Fiber.join(call))._tag, "Right")
  })
)

it.scoped("a call that never gets a connection ends at its deadline without being sent", () =>
  Effect.gen(function* () {
    const { answer, awaitSeen, begin } = yield* holding
    const calls = yield* begin(connections)
    yield* awaitSeen(connections)
    const retry = { ...atOnce(2), deadline: Duration.seconds(1) }
    const [interrupted, ...waiting] = yield* begin(10, { retry })
    assert.isDefined(interrupted)
    yield* TestClock.adjust("500 millis")
    yield* Fiber.interrupt(interrupted)
    yield* TestClock.adjust("500 millis")
    for (const call of waiting) {
      const error = yield* Effect.flip(Effect.flatten(Fiber.join(call)))
      assert.deepStrictEqual([error._tag, error.reason], ["TransportError", "DeadlineExceeded"])
      assert.include(error.problem, "waiting for a free connection")
      assert.deepStrictEqual(error.waited, Duration.seconds(1))
    }
    yield* answer
    for (const call of calls) assert.strictEqual((yield* Fiber.join(call))._tag, "Right")
    const [last] = yield* begin(1)
    assert.isDefined(last)
    yield* awaitSeen(connections + 1)
    yield* answer
    assert.strictEqual((yield* Fiber.join(last))._tag, "Right")
  })
)

it.scoped("a token is renewed while calls use up their connections", () =>
  Effect.gen(function* () {
    const { answer, awaitSeen, begin, tokens } = yield* holding
    const calls = yield* begin(2 * connections)
    yield* awaitSeen(connections)
    yield* tokens.invalidate(yield* tokens.get)
    assert.strictEqual(Redacted.value((yield* tokens.get).value), "token-2")
    yield* answer
    yield* awaitSeen(2 * connections)
    yield* answer
    for (const call of calls) assert.strictEqual((yield* Fiber.join(call))._tag, "Right")
  })
)
