/** Tests that credentials are sent only over trusted TLS, and only to their own host. */
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { atOnce, documented } from "../support/client.js"
import { listen } from "../support/servers/httpServer.js"
import { listenTls } from "../support/servers/tlsServer.js"

const query = (baseUrl: string) =>
  Effect.flatMap(
    Layer.build(
      NodeMetrics.layer({
        clientId: "somebody",
        clientSecret: Redacted.make("canary-secret"),
        api: Api.withBaseUrl(Api.v1, baseUrl),
        retry: atOnce(3)
      })
    ),
    (context) => Context.get(context, MetricsClient.MetricsClient).query(documented)
  )

it.scoped("with an untrusted certificate nothing is sent and nothing is retried", () =>
  Effect.gen(function* () {
    const server = yield* listenTls()
    const error = yield* Effect.flip(query(`https://localhost:${server.port}`))
    assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "Insecure"])
    assert.isFalse(error.isRetryable)
    assert.include(error.hint, "NODE_EXTRA_CA_CERTS")
    assert.strictEqual(yield* server.requests, 0)
  })
)

it.scoped("a server without TLS behind https is not retried", () =>
  Effect.gen(function* () {
    let requests = 0
    const server = yield* listen((_request, response) => {
      requests++
      response.end()
    })
    const error = yield* Effect.flip(query(server.url.replace("http:", "https:")))
    assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "Insecure"])
    assert.isFalse(error.isRetryable)
    assert.strictEqual(requests, 0)
  })
)

it.effect.prop(
  "no host except loopback is contacted without TLS",
  [FastCheck.oneof(FastCheck.webAuthority(), FastCheck.ipV4(), FastCheck.domain())],
  ([authority]) =>
    Effect.gen(function* () {
      const url = URL.canParse(`http://${authority}`) ? new URL(`http://${authority}`) : undefined
      if (url === undefined || url.hostname === "localhost" || url.hostname.startsWith("127."))
        return
      const error = yield* Effect.flip(Effect.scoped(query(`http://${authority}`)))
      assert.strictEqual(error._tag, "ConfigurationError")
    })
)

for (const host of ["localhost.example", "127.0.0.1.example", "[::ffff:8.8.8.8]", "0.0.0.0"]) {
  it.scoped(`${host} is not loopback`, () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(query(`http://${host}`))
      assert.deepStrictEqual([error._tag, error.reason], ["ConfigurationError", "InsecureBaseUrl"])
    })
  )
}

for (const status of [301, 302, 303, 307, 308]) {
  for (const endpoint of ["token", "graphql"]) {
    it.scoped(`a ${status} of the ${endpoint} endpoint sends no credential elsewhere`, () =>
      Effect.gen(function* () {
        let elsewhere = 0
        const other = yield* listen((_request, response) => {
          elsewhere++
          response.end()
        })
        const server = yield* listen((request, response) => {
          if (request.url?.endsWith("/token") && endpoint !== "token") {
            response.end(JSON.stringify({ access_token: "canary-token" }))
          } else {
            response.writeHead(status, { location: `${other.url}/canary` }).end()
          }
        })
        const error = yield* Effect.flip(query(server.url))
        assert.deepStrictEqual(
          [error._tag, error.reason],
          endpoint === "token" ? ["AuthError", "InvalidAnswer"] : ["ResponseError", "Redirected"]
        )
        assert.strictEqual(elsewhere, 0)
      })
    )
  }
}
