/** Tests connections to a server or a proxy that never responds. */
import { createServer, type Socket } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { atOnce, documented } from "../support/client.js"
import { until } from "../support/eventLoop.js"
import { listening } from "../support/servers/listening.js"

/**
 * A server that runs a function on the first bytes of each connection, and sends nothing itself.
 */
const listenRaw = (respond: (socket: Socket) => void) =>
  Effect.gen(function* () {
    const sockets = new Set<Socket>()
    let connections = 0
    let heard = 0
    const server = createServer((socket) => {
      connections++
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => sockets.delete(socket))
      socket.once("data", () => {
        heard++
        respond(socket)
      })
      socket.resume()
    })
    const port = yield* listening(server, sockets)
    return {
      port,
      connections: () => connections,
      awaitHeard: until(Effect.sync(() => heard > 0)),
      awaitOpen: (count: number) => until(Effect.sync(() => sockets.size === count))
    }
  })

/** Queries without retries, in a scope that the test closes. */
const querying = (baseUrl: string, proxyPort: number | undefined, scope: Scope.Scope) =>
  Layer.build(
    NodeMetrics.layer({
      clientId: "somebody",
      clientSecret: Redacted.make("s3cret"),
      api: Api.withBaseUrl(Api.v1, baseUrl),
      retry: atOnce(1),
      token: { retry: atOnce(1) }
    })
  ).pipe(
    Effect.withConfigProvider(
      ConfigProvider.fromMap(
        new Map(proxyPort === undefined ? [] : [["HTTPS_PROXY", `http://127.0.0.1:${proxyPort}`]])
      )
    ),
    Scope.extend(scope),
    Effect.flatMap((context) => Context.get(context, MetricsClient.MetricsClient).query(documented))
  )

const tunnel = (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n")

describe("a closed layer leaves no connection", () => {
  for (const [name, proxied, respond] of [
    ["in a TLS handshake", false, () => {}],
    ["to a proxy that answers no CONNECT", true, () => {}],
    ["in a TLS handshake through a proxy", true, tunnel],
    ["to a proxy that has begun to answer", true, (socket: Socket) => socket.write("HTTP/1.1 2")]
  ] as const) {
    it.scopedLive(
      name,
      () =>
        Effect.gen(function* () {
          const server = yield* listenRaw(respond)
          const scope = yield* Scope.make()
          const baseUrl = proxied ? "https://metrics.example" : `https://127.0.0.1:${server.port}`
          const call = yield* Effect.fork(
            querying(baseUrl, proxied ? server.port : undefined, scope)
          )
          yield* server.awaitHeard
          yield* Scope.close(scope, Exit.void)
          yield* server.awaitOpen(0)
          assert.isTrue(Exit.isFailure(yield* Fiber.await(call)))
        }),
      5_000
    )
  }
})

it.scopedLive(
  "a CONNECT without a response times out, and its connection is closed",
  () =>
    Effect.gen(function* () {
      const proxy = yield* listenRaw(() => {})
      const scope = yield* Effect.scope
      const call = yield* Effect.fork(querying("https://metrics.example", proxy.port, scope))
      yield* proxy.awaitHeard
      yield* Fiber.interrupt(call)
      yield* proxy.awaitOpen(0)
      assert.strictEqual(proxy.connections(), 1)
    }),
  30_000
)

it.scopedLive("a proxy that closes the connection is tried once", () =>
  Effect.gen(function* () {
    const proxy = yield* listenRaw((socket) => socket.end())
    const scope = yield* Effect.scope
    const error = yield* Effect.flip(querying("https://metrics.example", proxy.port, scope))
    assert.strictEqual(error._tag, "AuthError")
    assert.include(error.problem, "The proxy closed the connection")
    assert.strictEqual(proxy.connections(), 1)
  })
)
