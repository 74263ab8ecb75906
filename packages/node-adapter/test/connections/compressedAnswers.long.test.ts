/** Tests compressed responses. Some of them are small, and decompress to endless data. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import {
  brotliCompressSync,
  createBrotliCompress,
  createGzip,
  deflateSync,
  gzipSync
} from "node:zlib"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { NodeMetrics, NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { documented } from "../support/client.js"
import { listen } from "../support/servers/httpServer.js"

const clients = { undici: UndiciHttpClient.layer, fetch: FetchHttpClient.layer }

const names = ["undici", "fetch", "wired"] as const

/**
 * A client over this transport, with a limit of a million bytes. `wired` is the transport of
 * NodeMetrics.
 */
const clientOver = (name: (typeof names)[number], url: string) => {
  const api = Api.withBaseUrl(Api.v1, url)
  const login = {
    api,
    clientId: "somebody",
    clientSecret: Redacted.make("s3cret"),
    retry: RetryPolicy.none
  }
  const calls = { api, maxBodySize: 1_000_000, retry: RetryPolicy.none }
  return Effect.map(
    Layer.build(
      name === "wired"
        ? NodeMetrics.layer({ ...login, ...calls, token: { retry: RetryPolicy.none } })
        : MetricsClient.layer(calls).pipe(
            Layer.provide([QueryBuilder.layer, NodeTokenProvider.layer(login)]),
            Layer.provide(clients[name])
          )
    ),
    Context.get(MetricsClient.MetricsClient)
  )
}

const zeros = Buffer.alloc(1_000_000)

/** Yields zeros without end. */
const endless = function* () {
  for (;;) yield zeros
}

const compress = { gzip: createGzip, br: createBrotliCompress }

const bomb = (encoding: keyof typeof compress, response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding })
  // The stream ends when the client disconnects.
  pipeline(Readable.from(endless()), compress[encoding](), response).catch(() => {})
}

const isLogin = (request: IncomingMessage) => request.url?.endsWith("/token") === true

const loggingIn =
  (graphql: RequestListener): RequestListener =>
  (request, response) =>
    isLogin(request) ? response.end('{"access_token":"token"}') : graphql(request, response)

for (const name of names) {
  for (const encoding of ["gzip", "br"] as const) {
    it.scoped(`a compressed body without end is too large: ${name}, ${encoding}`, () =>
      Effect.gen(function* () {
        const server = yield* listen(loggingIn((_request, response) => bomb(encoding, response)))
        const metrics = yield* clientOver(name, server.url)
        const before = process.memoryUsage.rss()
        const error = yield* Effect.flip(metrics.query(documented))
        assert.strictEqual(`${error._tag} ${error.reason}`, "ResponseError TooLarge")
        const [, size] = /at least (\d+)/.exec(error.problem) ?? []
        assert.isBelow(Number(size), 3_000_000)
        assert.isBelow(process.memoryUsage.rss() - before, 500_000_000)
        yield* server.awaitOpenConnections(0)
      })
    )

    it.scoped(`${encoding} without end as a token is InvalidAnswer: ${name}`, () =>
      Effect.gen(function* () {
        const server = yield* listen((_request, response) => bomb(encoding, response))
        const metrics = yield* clientOver(name, server.url)
        const error = yield* Effect.flip(metrics.query(documented))
        assert.strictEqual(`${error._tag} ${error.reason}`, "AuthError InvalidAnswer")
        assert.include(error.problem, "more than the limit of 1048576")
        yield* server.awaitOpenConnections(0)
      })
    )
  }

  it.scoped(`a small body that decompresses beyond the limit is TooLarge: ${name}`, () =>
    Effect.gen(function* () {
      const bytes = gzipSync(Buffer.alloc(100_000_000))
      const server = yield* listen(
        loggingIn((_request, response) =>
          response.writeHead(200, { "content-encoding": "gzip" }).end(bytes)
        )
      )
      const metrics = yield* clientOver(name, server.url)
      const error = yield* Effect.flip(metrics.query(documented))
      assert.strictEqual(`${error._tag} ${error.reason}`, "ResponseError TooLarge")
    })
  )
}

const data = Buffer.from(
  JSON.stringify({
    data: {
      data: Array.from({ length: 5_000 }, () => ({
        feature_value: 1,
        date_time_start: "2024-01-01T06:00:00+00:00"
      }))
    }
  })
)

for (const name of ["undici", "wired"] as const) {
  for (const [encoding, bytes] of [
    ["gzip", gzipSync(data)],
    ["GZip", gzipSync(data)],
    ["x-gzip", gzipSync(data)],
    ["br", brotliCompressSync(data)],
    ["deflate", deflateSync(data)],
    ["identity", data],
    ["", data],
    ["gzip, br", brotliCompressSync(gzipSync(data))],
    ["identity, gzip", gzipSync(data)]
  ] as const) {
    it.scoped(
      `the encoding ${JSON.stringify(encoding)} is decoded for tokens and rows: ${name}`,
      () =>
        Effect.gen(function* () {
          const token = Buffer.from('{"access_token":"token"}')
          const headers = { "content-encoding": encoding }
          const asked: Array<unknown> = []
          const server = yield* listen((request, response) => {
            asked.push(request.headers["accept-encoding"])
            if (isLogin(request)) {
              response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(token))
            } else response.writeHead(200, headers).end(bytes)
          })
          const metrics = yield* clientOver(name, server.url)
          assert.lengthOf(yield* metrics.query(documented), 5_000)
          assert.deepStrictEqual(asked, ["gzip, br", "gzip, br"])
        })
    )
  }

  for (const [what, encoding, bytes, says] of [
    [
      "a compressed body that is cut",
      "gzip",
      gzipSync(data).subarray(0, 100),
      "TransportError ConnectionLost"
    ],
    ["a body that is not in its stated encoding", "br", data, "TransportError ConnectionLost"],
    [
      "an encoding that the request does not accept",
      "zstd",
      gzipSync(data),
      "ResponseError NotJson"
    ],
    [
      "more encodings than make sense",
      "gzip, gzip, gzip, gzip",
      gzipSync(data),
      "ResponseError NotJson"
    ],
    ["a body that is empty", "gzip", Buffer.alloc(0), "ResponseError NotJson"]
  ] as const) {
    it.scoped(`${what} fails with a typed error: ${name}`, () =>
      Effect.gen(function* () {
        const server = yield* listen(
          loggingIn((_request, response) =>
            response.writeHead(200, { "content-encoding": encoding }).end(bytes)
          )
        )
        const metrics = yield* clientOver(name, server.url)
        const error = yield* Effect.flip(metrics.query(documented))
        assert.strictEqual(`${error._tag} ${error.reason}`, says)
      })
    )
  }
}

it.scoped("a response within the limit that fetch decompresses returns its rows", () =>
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
