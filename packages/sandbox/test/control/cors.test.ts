import { assert, describe, it, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, endpoints, request } from "../support/client.js"
import { startMillis, startTimeout } from "../support/startTimeout.js"

const page = "http://localhost:5173"

const preflight = (url: string, origin: string, headers: string) =>
  request(url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": headers
    }
  })

/** Whether a browser may send these headers after a preflight. */
const allows = (
  { headers, status }: Response | { status: number; headers: Headers },
  asked: string
) => {
  const allowed = (headers.get("access-control-allow-headers") ?? "").split(/, */)
  return (
    status >= 200 &&
    status < 300 &&
    headers.has("access-control-allow-origin") &&
    asked.split(/, */).every((name) => allowed.includes(name))
  )
}

const places = (sandbox: Sandbox.Service) => [
  sandbox.urls.v1,
  endpoints(sandbox).v2.graphql,
  `${sandbox.urls.v1}/api/rest/oauth/token`,
  `${sandbox.urls.login}/oauth/token`,
  `${sandbox.urls.login}/userinfo`,
  `${sandbox.urls.v1}/_sandbox/faults`
]

const originOf = (headers: Headers) => headers.get("access-control-allow-origin")

layer(Sandbox.layer(), { timeout: startTimeout })("pages of other origins", (it) => {
  it.effect("pages of other origins may send the API's headers and no others", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.reset
      const table: ReadonlyArray<readonly [string, boolean]> = [
        ["authorization, content-type", true],
        ["content-type, x-session-id", true],
        ["content-type, x-request-id", true],
        ["auth0-client, content-type", true],
        ["traceparent", false],
        ["authorization, b3", false],
        ["tracestate", false],
        ["baggage", false]
      ]
      for (const url of places(sandbox)) {
        for (const [headers, expected] of table) {
          const answer = yield* preflight(url, page, headers)
          assert.strictEqual(allows(answer, headers), expected, `${url} ${headers}`)
          assert.strictEqual(originOf(answer.headers), page)
          assert.strictEqual(answer.headers.get("vary"), "Origin")
        }
      }
      assert.deepStrictEqual(yield* sandbox.control.requests, [])
    })
  )

  it.effect("by default pages of this machine on any port are allowed, and no others", () =>
    Effect.gen(function* () {
      const { urls } = yield* Sandbox.Sandbox
      const table: ReadonlyArray<readonly [string, boolean]> = [
        ["http://localhost:3000", true],
        ["https://localhost", true],
        ["http://127.0.0.1:8080", true],
        ["http://[::1]:8080", true],
        ["https://evil.example", false],
        ["http://localhost.evil.example", false],
        ["null", false]
      ]
      for (const [origin, expected] of table) {
        const asked = yield* preflight(urls.v1, origin, "content-type")
        assert.strictEqual(allows(asked, "content-type"), expected, origin)
        const sent = yield* request(urls.v1, { method: "POST", headers: { origin }, body: "{}" })
        assert.strictEqual(originOf(sent.headers), expected ? origin : null, origin)
      }
    })
  )

  it.effect("pages of other origins can read errors and faults, and their header Retry-After", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = { origin: page, ...(yield* authorize(sandbox, "v1")) }
      const ask = (body: string) => request(sandbox.urls.v1, { method: "POST", headers, body })
      const faults = [
        Fault.unauthorized(),
        Fault.rateLimited({ retryAfter: 7 }),
        Fault.unavailable(),
        Fault.invalidJwt(),
        Fault.answer({ status: 500, body: "broken" }),
        Fault.hugeBody({ bytes: 100 }),
        Fault.delay({ duration: 1 })
      ]
      for (const fault of faults) {
        yield* sandbox.control.inject(fault)
        const answer = yield* ask(`{"query":"{ __typename }"}`)
        assert.strictEqual(originOf(answer.headers), page, fault.effect._tag)
        assert.strictEqual(
          answer.headers.get("access-control-expose-headers"),
          "retry-after, x-ratelimit-reset"
        )
      }
      for (const answer of [
        yield* ask("{"),
        yield* request(`${sandbox.urls.v1}/nowhere`, { headers }),
        yield* request(`${sandbox.urls.login}/oauth/token`, {
          method: "POST",
          headers,
          body: "{}"
        }),
        yield* ask("x".repeat(1_048_577))
      ]) {
        assert.strictEqual(originOf(answer.headers), page, answer.text)
      }
    })
  )

  it.effect(
    "pages of other origins cannot read an answer without CORS headers, though they may request it",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const headers = { origin: page, ...(yield* authorize(sandbox, "v1")) }
        const ask = request(sandbox.urls.v1, {
          method: "POST",
          headers,
          body: `{"query":"{ __typename }"}`
        })
        yield* sandbox.control.inject(Fault.withoutCors())
        const asked = yield* preflight(sandbox.urls.v1, page, "authorization")
        assert.isTrue(allows(asked, "authorization"))
        const unreadable = yield* ask
        assert.deepStrictEqual(
          [unreadable.status, originOf(unreadable.headers), unreadable.text],
          [200, null, `{"data":{"__typename":"query_root"}}`]
        )
        assert.strictEqual(originOf((yield* ask).headers), page)
        const seen = (yield* sandbox.control.requests).at(-2)
        assert.deepStrictEqual([seen?.fault, seen?.status], ["WithoutCors", 200])
      })
  )
})

describe("allowed origins", () => {
  it.effect(
    "only the given origins are allowed, and none with an empty list",
    () =>
      Effect.gen(function* () {
        const origin = "https://app.example"
        const listed = yield* Sandbox.make({ allowedOrigins: [origin] })
        const closed = yield* Sandbox.make({ allowedOrigins: [] })
        const origins = (from: string) =>
          Effect.forEach([listed, closed], ({ urls }) =>
            Effect.map(preflight(urls.v1, from, "content-type"), ({ headers }) => originOf(headers))
          )
        assert.deepStrictEqual(yield* origins(origin), [origin, null])
        assert.deepStrictEqual(yield* origins(page), [null, null])
      }).pipe(Effect.scoped),
    startMillis
  )
})
