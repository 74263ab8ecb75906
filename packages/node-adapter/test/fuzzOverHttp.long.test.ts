/** Tests that any bytes from a server and any environment lead to a value or a typed error. */

import { createServer, type Socket } from "node:net"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { TokenProvider } from "@innerspace-metrics/core/TokenProvider"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { documented } from "./support/client.js"
import { listening } from "./support/servers/listening.js"

/** A server that writes these bytes for each request and closes the connection. */
const serverOf = (bytes: () => Uint8Array) =>
  Effect.gen(function* () {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on("error", () => socket.destroy())
      socket.on("close", () => sockets.delete(socket))
      socket.once("data", () => socket.end(bytes()))
    })
    const port = yield* listening(server, sockets)
    return `http://127.0.0.1:${port}`
  })

const assertTyped = (exit: Exit.Exit<unknown, { readonly message: string }>) => {
  if (Exit.isSuccess(exit)) return
  if (!Cause.isFailType(exit.cause)) return assert.fail(Cause.pretty(exit.cause))
  assert.isAtMost(exit.cause.error.message.length, 5_000)
  assert.notInclude(JSON.stringify(exit.cause.error), "canary")
}

const status = FastCheck.oneof(
  { arbitrary: FastCheck.constant(200), weight: 5 },
  { arbitrary: FastCheck.integer({ min: 100, max: 999 }), weight: 3 }
)

const headers = FastCheck.array(
  FastCheck.tuple(
    FastCheck.constantFrom(
      "content-type",
      "content-encoding",
      "content-length",
      "transfer-encoding",
      "retry-after",
      "x-ratelimit-reset",
      "location",
      "set-cookie",
      "connection",
      "x-request-id"
    ),
    FastCheck.oneof(
      FastCheck.constantFrom("0", "7", "-1", "chunked", "gzip", "close", "/", "a=b"),
      FastCheck.constantFrom("99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "1e9"),
      FastCheck.string({ maxLength: 20 })
    )
  ),
  { maxLength: 4 }
)

const json = FastCheck.oneof(
  FastCheck.json(),
  FastCheck.record(
    {
      access_token: FastCheck.oneof(FastCheck.string(), FastCheck.jsonValue()),
      expires_in: FastCheck.oneof(FastCheck.double(), FastCheck.jsonValue()),
      error: FastCheck.jsonValue(),
      error_description: FastCheck.string(),
      data: FastCheck.oneof(
        FastCheck.jsonValue(),
        FastCheck.record({ data: FastCheck.array(FastCheck.jsonValue()) })
      ),
      errors: FastCheck.oneof(
        FastCheck.jsonValue(),
        FastCheck.array(
          FastCheck.record({ message: FastCheck.jsonValue(), extensions: FastCheck.jsonValue() })
        )
      )
    },
    { requiredKeys: [] }
  ).map((value) => JSON.stringify(value))
)

const body = FastCheck.oneof(
  { arbitrary: json, weight: 4 },
  { arbitrary: FastCheck.string({ unit: "binary" }), weight: 1 }
)

/** The bytes of a response: mostly HTTP, sometimes cut off, and sometimes arbitrary bytes. */
const answer = FastCheck.oneof(
  {
    arbitrary: FastCheck.tuple(
      status,
      headers,
      body,
      FastCheck.option(FastCheck.nat(200), { freq: 6 })
    ).map(([status, headers, body, cut]) => {
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
      const bytes = new TextEncoder().encode(
        `HTTP/1.1 ${status} Some Text\r\n${lines.join("")}\r\n${body}`
      )
      return cut === null ? bytes : bytes.slice(0, cut)
    }),
    weight: 9
  },
  { arbitrary: FastCheck.uint8Array({ maxLength: 300 }), weight: 1 }
)

const endpoints = {
  "a token endpoint": (client: Context.Context<NodeMetrics.NodeMetrics>) =>
    Context.get(client, TokenProvider).get,
  "a GraphQL endpoint": (client: Context.Context<NodeMetrics.NodeMetrics>) =>
    Context.get(client, MetricsClient.MetricsClient).query(documented)
}

const login = new TextEncoder().encode(
  'HTTP/1.1 200 OK\r\ncontent-length: 31\r\n\r\n{"access_token":"canary-token"}'
)

for (const [name, ask] of Object.entries(endpoints)) {
  it.scoped(
    `any bytes of an endpoint are a response or a typed error: ${name}`,
    () =>
      Effect.gen(function* () {
        let next: Array<Uint8Array> = []
        const url = yield* serverOf(() => next.shift() ?? new Uint8Array())
        const cases = FastCheck.sample(answer, { numRuns: 400, seed: 20_241_124 })
        let answered = 0
        for (const bytes of cases) {
          next = name === "a token endpoint" ? [bytes] : [login, bytes]
          const exit = yield* Layer.build(
            NodeMetrics.layer({
              clientId: "somebody",
              clientSecret: Redacted.make("canary-secret"),
              api: Api.withBaseUrl(Api.v1, url),
              token: { retry: RetryPolicy.none },
              retry: RetryPolicy.none
            })
          ).pipe(
            Effect.orDie,
            Effect.flatMap((client): Effect.Effect<unknown, MetricsError> => ask(client)),
            Effect.scoped,
            Effect.exit
          )
          assertTyped(exit)
          if (next.length === 0) answered++
        }
        assert.strictEqual(answered, cases.length, "each was sent")
      }),
    300_000
  )
}

const setting = FastCheck.option(
  FastCheck.oneof(
    FastCheck.string({ unit: "binary", maxLength: 30 }),
    FastCheck.constantFrom("", " ", "v1", "v1.5", "v2", "V1", "file", "none", "memory"),
    FastCheck.constantFrom(
      "https://api.example",
      "http://localhost:1",
      "http://example",
      "//",
      "x:"
    )
  ),
  { nil: undefined, freq: 6 }
)

it.effect.prop(
  "any environment builds a client or is a typed error",
  [
    FastCheck.record({
      INNERSPACE_CLIENT_ID: setting,
      INNERSPACE_CLIENT_SECRET: setting,
      INNERSPACE_API: setting,
      INNERSPACE_BASE_URL: setting,
      INNERSPACE_TOKEN_STORE: setting,
      HTTPS_PROXY: setting,
      NO_PROXY: setting
    })
  ],
  ([settings]) =>
    Effect.gen(function* () {
      const provider = ConfigProvider.fromMap(
        new Map(
          Object.entries(settings).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, value] as const]
          )
        )
      )
      const exit = yield* Layer.build(NodeMetrics.layerConfig()).pipe(
        Effect.scoped,
        Effect.withConfigProvider(provider),
        Effect.exit
      )
      assertTyped(exit)
      if (Exit.isFailure(exit) && Cause.isFailType(exit.cause)) {
        assert.strictEqual(exit.cause.error._tag, "ConfigurationError")
      }
    }),
  { fastCheck: { numRuns: 500 } }
)
