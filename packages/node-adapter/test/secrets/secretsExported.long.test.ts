/**
 * Tests the output of an app's process: the telemetry of OpenTelemetry's exporters, and the report
 * that Node writes when a program crashes.
 */
import { text } from "node:stream/consumers"
import { inspect } from "node:util"
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { FileTokenStore, NodeMetrics } from "@innerspace-metrics/node-adapter"
import { InMemoryLogRecordExporter, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs"
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader
} from "@opentelemetry/sdk-metrics"
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { atOnce, documented } from "../support/client.js"
import { queryOnce, run } from "../support/onItsOwn.js"
import { listen } from "../support/servers/httpServer.js"
import { modeOf, newDirectory, onlyFile, textOf } from "../support/tokenFiles.js"

const secret = "canary-secret-canary"

const token = "canary-token-canary"

const assertNoCanary = (printed: string) => {
  for (const canary of [secret, token]) {
    for (const form of [canary, btoa(canary), encodeURIComponent(canary)]) {
      assert.notInclude(printed, form)
    }
  }
}

/**
 * A server that echoes everything that it receives. It responds to the first four GraphQL requests
 * with an outage, a rejected token, an error, and data.
 */
const echoing = Effect.suspend(() => {
  let calls = 0
  return listen(async (request, response) => {
    const sent = await text(request)
    for (const name of ["set-cookie", "www-authenticate", "x-echo", "x-request-id"]) {
      response.setHeader(name, request.headers.authorization ?? sent)
    }
    if (request.url?.endsWith("/token")) {
      response.end(JSON.stringify({ access_token: `${token}${calls}`, expires_in: 600 }))
      return
    }
    const echo = `${request.headers.authorization} ${sent}`
    calls++
    if (calls === 1) response.writeHead(503).end(echo)
    else if (calls === 2) response.writeHead(401).end(echo)
    else if (calls === 3) response.end(JSON.stringify({ errors: [{ message: echo }] }))
    else response.end(JSON.stringify({ data: { data: [] } }))
  })
})

/** A server that rejects all credentials, and repeats them in the response. */
const refusing = listen(async (request, response) => {
  const error_description = `no client with ${new URLSearchParams(await text(request))}`
  response.writeHead(401).end(JSON.stringify({ error: "access_denied", error_description }))
})

const metricsAt = (url: string, options: Partial<NodeMetrics.Options> = {}) =>
  Effect.map(
    Layer.build(
      NodeMetrics.layer({
        clientId: "somebody",
        clientSecret: Redacted.make(secret),
        api: Api.withBaseUrl(Api.v1, url),
        retry: atOnce(3),
        token: { retry: atOnce(1) },
        traceHeaders: true,
        ...options
      })
    ),
    Context.get(MetricsClient.MetricsClient)
  )

it.scopedLive("OpenTelemetry's exporters get no secret in spans, counters and log records", () =>
  Effect.gen(function* () {
    const spans = new InMemorySpanExporter()
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: metrics })
    const logs = new InMemoryLogRecordExporter()
    const Telemetry = NodeSdk.layer(() => ({
      resource: { serviceName: "app" },
      spanProcessor: new SimpleSpanProcessor(spans),
      metricReader: reader,
      logRecordProcessor: new SimpleLogRecordProcessor({ exporter: logs })
    }))
    const [good, bad] = [yield* echoing, yield* refusing]
    const exported = yield* Effect.gen(function* () {
      for (const url of [good.url, bad.url]) {
        const client = yield* metricsAt(url)
        const error = yield* Effect.flip(client.query(documented))
        yield* Effect.logError("a call failed", error)
      }
      const client = yield* metricsAt(good.url)
      yield* client.query(documented)
      yield* Effect.promise(() => reader.forceFlush())
      // Closing an exporter empties it.
      return [spans.getFinishedSpans(), metrics.getMetrics(), logs.getFinishedLogRecords()]
    }).pipe(Effect.scoped, Effect.provide(Telemetry))
    const printed = inspect(exported, { depth: null, maxStringLength: null, maxArrayLength: null })
    for (const name of [
      "query sample_graphql",
      "innerspace.token",
      "innerspace.client.retries",
      "innerspace.client.replays",
      "a call failed",
      "access_denied"
    ]) {
      assert.include(printed, name)
    }
    assertNoCanary(printed)
  })
)

/** A program without Effect that does not await the call. */
const notAwaited = queryOnce
  .replace("console.log(JSON.stringify(await metrics.query(query)))", "void metrics.query(query)")
  .replace("await metrics.close()", "")

for (const [name, program] of [
  ["a promise that is rejected unhandled", notAwaited],
  ["an error that nobody catches", queryOnce],
  [
    "an error that is thrown in a callback",
    queryOnce.replace(
      "console.log(JSON.stringify(await metrics.query(query)))",
      "await metrics.query(query).catch((error) => { process.nextTick(() => { throw error }) })"
    )
  ]
] as const) {
  it.scopedLive(
    `a program that dies prints no secret: ${name}`,
    () =>
      Effect.gen(function* () {
        for (const [server, says] of [
          [yield* echoing, "GraphQLError"],
          [yield* refusing, "access_denied"]
        ] as const) {
          const { code, stderr, stdout } = yield* run(program, {
            INNERSPACE_CLIENT_ID: "somebody",
            INNERSPACE_CLIENT_SECRET: secret,
            INNERSPACE_BASE_URL: server.url
          })
          assert.notStrictEqual(code, 0)
          assert.include(stderr, says)
          assert.include(stderr, "hint")
          assertNoCanary(stderr + stdout)
        }
      }),
    180_000
  )
}

it.scopedLive("a token file holds the token and whose it is, for its owner alone", () =>
  Effect.gen(function* () {
    const server = yield* echoing
    const directory = yield* newDirectory
    const metrics = yield* metricsAt(server.url, { tokenStore: FileTokenStore.make({ directory }) })
    yield* Effect.flip(metrics.query(documented))
    const path = yield* onlyFile(directory)
    const stored = yield* textOf(path)
    assert.notInclude(path + stored, secret)
    assert.notInclude(path, token)
    const fields: unknown = JSON.parse(stored)
    assert.sameMembers(Object.keys(Object(fields)), [
      "format",
      "owner",
      "obtainedAt",
      "expiresAt",
      "token",
      "isReplacement"
    ])
    assert.match(String(Reflect.get(Object(fields), "token")), /^canary-token-canary\d$/)
    assert.strictEqual(yield* modeOf(path), 0o600)
    assert.strictEqual(yield* modeOf(directory), 0o700)
  })
)
