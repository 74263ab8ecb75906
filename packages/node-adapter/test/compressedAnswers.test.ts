/** Answers that are small on the wire and grow without end where they are expanded. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createBrotliCompress, createGzip, gzipSync } from "node:zlib"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { documented } from "./support/client.js"
import { listen } from "./support/httpServer.js"

const clients = { undici: UndiciHttpClient.layer, fetch: FetchHttpClient.layer }

/** A client over this way to send requests, whose answers may have a million bytes. */
const clientOver = (name: keyof typeof clients, url: string) => {
  const api = Api.withBaseUrl(Api.v1, url)
  return Effect.map(
    Layer.build(
      MetricsClient.layer({ api, maxBodySize: 1_000_000, retry: RetryPolicy.none }).pipe(
        Layer.provide([
          QueryBuilder.layer,
          NodeTokenProvider.layer({
            api,
            clientId: "somebody",
            clientSecret: Redacted.make("s3cret"),
            retry: RetryPolicy.none
          })
        ]),
        Layer.provide(clients[name])
      )
    ),
    Context.get(MetricsClient.MetricsClient)
  )
}

const zeros = Buffer.alloc(1_000_000)

/** Zeros for as long as anybody reads them. */
const endless = function* () {
  for (;;) yield zeros
}

const compress = { gzip: createGzip, br: createBrotliCompress }

const bomb = (encoding: keyof typeof compress, response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding })
  // It ends by the client's going away.
  pipeline(Readable.from(endless()), compress[encoding](), response).catch(() => {})
}

const isLogin = (request: IncomingMessage) => request.url?.endsWith("/token") === true

const loggingIn =
  (graphql: RequestListener): RequestListener =>
  (request, response) =>
    isLogin(request) ? response.end('{"access_token":"token"}') : graphql(request, response)

for (const encoding of ["gzip", "br"] as const) {
  it.scoped(`${encoding} without end, expanded by a fetch, is too large an answer`, () =>
    Effect.gen(function* () {
      const server = yield* listen(loggingIn((_request, response) => bomb(encoding, response)))
      const metrics = yield* clientOver("fetch", server.url)
      const before = process.memoryUsage.rss()
      const error = yield* Effect.flip(metrics.query(documented))
      assert.strictEqual(`${error._tag} ${error.reason}`, "ResponseError TooLarge")
      const [, size] = /at least (\d+)/.exec(error.problem) ?? []
      assert.isBelow(Number(size), 3_000_000)
      assert.isBelow(process.memoryUsage.rss() - before, 500_000_000)
      yield* server.awaitOpenConnections(0)
    })
  )

  it.scoped(`${encoding} without end, expanded by a fetch, is no token`, () =>
    Effect.gen(function* () {
      const server = yield* listen((_request, response) => bomb(encoding, response))
      const metrics = yield* clientOver("fetch", server.url)
      const error = yield* Effect.flip(metrics.query(documented))
      assert.strictEqual(`${error._tag} ${error.reason}`, "AuthError InvalidAnswer")
      assert.include(error.problem, "more than the limit of 1048576")
      yield* server.awaitOpenConnections(0)
    })
  )

  it.scoped(`${encoding} is not asked for by undici, not expanded, and counted as it comes`, () =>
    Effect.gen(function* () {
      let asked: string | undefined
      const random = Buffer.from(Array.from({ length: 1_000 }, (_, index) => (index * 7919) % 251))
      const server = yield* listen(
        loggingIn((request, response) => {
          asked = request.headers["accept-encoding"]
          response.writeHead(200, { "content-encoding": encoding })
          pipeline(
            Readable.from(
              (function* () {
                for (;;) yield random
              })()
            ),
            response
          ).catch(() => {})
        })
      )
      const metrics = yield* clientOver("undici", server.url)
      const error = yield* Effect.flip(metrics.query(documented))
      assert.isUndefined(asked)
      assert.strictEqual(`${error._tag} ${error.reason}`, "ResponseError TooLarge")
      yield* server.awaitOpenConnections(0)
    })
  )
}

it.scoped("what undici did not ask to be compressed is no JSON and no token", () =>
  Effect.gen(function* () {
    const respond: RequestListener = (_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(zeros))
    const calls = yield* listen(loggingIn(respond))
    const logins = yield* listen(respond)
    const [call, login] = yield* Effect.forEach([calls, logins], ({ url }) =>
      Effect.flatMap(clientOver("undici", url), (metrics) => Effect.flip(metrics.query(documented)))
    )
    assert.strictEqual(`${call?._tag} ${call?.reason}`, "ResponseError NotJson")
    assert.strictEqual(`${login?._tag} ${login?.reason}`, "AuthError InvalidAnswer")
  })
)

it.scoped("an answer that a fetch expands is read, and one within the limit has its rows", () =>
  Effect.gen(function* () {
    const rows = Array.from({ length: 5_000 }, () => ({
      feature_value: 1,
      date_time_start: "2024-01-01T06:00:00+00:00"
    }))
    const server = yield* listen(
      loggingIn((_request, response) =>
        response
          .writeHead(200, { "content-encoding": "gzip" })
          .end(gzipSync(JSON.stringify({ data: { data: rows } })))
      )
    )
    const metrics = yield* clientOver("fetch", server.url)
    assert.lengthOf(yield* metrics.query(documented), 5_000)
  })
)
