import type { IncomingMessage } from "node:http"
import { request as httpRequest } from "node:http"
import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type Answer, authorize, credentials, endpoints, post } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const operation = {
  query: "query named { building_features(limit: 20) { feature_value } }",
  operationName: "named"
}

/** Logs in, sets faults, and sends the operation. */
const ask = (
  sandbox: Sandbox.Service,
  ...faults: ReadonlyArray<Fault.Fault>
): Effect.Effect<Answer, Error> =>
  Effect.gen(function* () {
    const headers = yield* authorize(sandbox, "v1")
    yield* Effect.forEach(faults, sandbox.control.inject)
    return yield* post(endpoints(sandbox).v1.graphql, operation, headers)
  })

/**
 * Reads a response in chunks. Returns the content-length, the bytes that arrived, and how the
 * response ended.
 */
const readPieces = (
  url: string,
  headers: Record<string, string>,
  until: (received: number) => boolean
) =>
  Effect.async<{ promised: number; received: number; end: string }>((resume) => {
    const message = httpRequest(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" }
    })
    message.on("response", (response: IncomingMessage) => {
      let received = 0
      const promised = Number(response.headers["content-length"])
      const done = (end: string) => resume(Effect.succeed({ promised, received, end }))
      response.on("data", (chunk: Buffer) => {
        received += chunk.length
        if (until(received)) {
          done("left")
          message.destroy()
        }
      })
      response.on("end", () => done("end"))
      response.on("error", (error) => done(error.message))
    })
    message.on("error", () => {})
    message.end(JSON.stringify(operation))
    return Effect.sync(() => message.destroy())
  })

layer(Sandbox.layer(), { timeout: startTimeout })("faults", (it) => {
  it.effect("faults answer 401, 429 and 503 as often as given, then the answer is as usual", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const first = yield* ask(
        sandbox,
        Fault.unauthorized({ times: 2 }),
        Fault.rateLimited({ retryAfter: 7 }),
        Fault.rateLimited({ retryAfter: "Wed, 01 Jan 2025 00:00:00 GMT" }),
        Fault.rateLimited(),
        Fault.unavailable()
      )
      const rest = yield* Effect.replicateEffect(ask(sandbox), 6)
      assert.deepStrictEqual(
        [first, ...rest].map(({ headers, status }) => [status, headers.get("retry-after")]),
        [
          [401, null],
          [401, null],
          [429, "7"],
          [429, "Wed, 01 Jan 2025 00:00:00 GMT"],
          [429, null],
          [503, null],
          [200, null]
        ]
      )
      assert.match(rest[4]?.text ?? "", /^<html>/)
      assert.strictEqual(rest[4]?.headers.get("content-type"), "text/html; charset=utf-8")
    })
  )

  it.effect("invalidJwt answers with status 200 and exactly Hasura's words", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* ask(sandbox, Fault.invalidJwt())
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(
        answer.text,
        `{"errors":[{"extensions":{"path":"$","code":"invalid-jwt"},"message":"Could not verify JWT: JWTExpired"}]}`
      )
    })
  )

  it.effect("a fault meets token requests only if that is its target", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.inject(
        Fault.answer({ target: "token", status: 418, headers: { "x-tea": "yes" }, body: "<p>" })
      )
      const refused = yield* post(endpoints(sandbox).v2.token, credentials(sandbox))
      assert.strictEqual(refused.status, 418)
      assert.strictEqual(refused.headers.get("x-tea"), "yes")
      assert.strictEqual(refused.text, "<p>")
      yield* sandbox.control.inject(Fault.unavailable())
      assert.strictEqual(
        (yield* post(endpoints(sandbox).v1.token, credentials(sandbox))).status,
        200
      )
      assert.strictEqual((yield* ask(sandbox)).status, 503)
    })
  )

  it.effect("cutBody promises the full length, sends half, and breaks the connection", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      yield* sandbox.control.inject(Fault.cutBody())
      const seen = yield* readPieces(endpoints(sandbox).v1.graphql, headers, () => false)
      assert.isAbove(seen.promised, 100)
      assert.strictEqual(seen.received, Math.floor(seen.promised / 2))
      assert.strictEqual(seen.end, "aborted")
    })
  )

  it.effect("stallBody sends half of the body and then nothing until the client disconnects", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      yield* sandbox.control.inject(Fault.stallBody())
      const seen = yield* readPieces(
        endpoints(sandbox).v1.graphql,
        headers,
        (received) => received > 50
      )
      assert.strictEqual(seen.received, Math.floor(seen.promised / 2))
      assert.strictEqual(seen.end, "left")
    })
  )

  it.effect("reset resets the connection before the answer", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const error = yield* Effect.flip(ask(sandbox, Fault.reset()))
      assert.match(String(error.cause), /ECONNRESET|socket/i)
      const last = (yield* sandbox.control.requests).at(-1)
      assert.strictEqual(last?.fault, "Reset")
      assert.isNull(last?.status)
    })
  )

  it.effect("hugeBody streams exactly the given bytes of JSON", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      for (const bytes of [3_000_001, 1000]) {
        const answer = yield* ask(sandbox, Fault.hugeBody({ bytes }))
        assert.strictEqual(answer.text.length, bytes)
        assert.property(answer.json, "data")
        assert.isNull(answer.headers.get("content-length"))
      }
    })
  )

  it.effect("delay waits in real time, then answers as usual", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const answer = yield* ask(sandbox, Fault.delay({ duration: "20 millis" }))
      assert.property(answer.json, "data")
      assert.strictEqual((yield* sandbox.control.requests).at(-1)?.fault, "Delay")
    })
  )

  it.effect("the log has all requests without credentials, and awaitRequests waits for them", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.reset
      const waiting = yield* Effect.fork(sandbox.control.awaitRequests(2))
      yield* Effect.yieldNow()
      assert.isNull(
        yield* Fiber.poll(waiting).pipe(Effect.map((exit) => (exit._tag === "None" ? null : exit)))
      )
      yield* ask(sandbox, Fault.unauthorized())
      yield* Fiber.join(waiting)
      const requests = yield* sandbox.control.requests
      assert.deepStrictEqual(
        requests.map(({ api, fault, kind, operationName, status }) => ({
          api,
          fault,
          kind,
          operationName,
          status
        })),
        [
          { api: "v1", fault: undefined, kind: "token", operationName: undefined, status: 200 },
          { api: "v1", fault: "Unauthorized", kind: "graphql", operationName: "named", status: 401 }
        ]
      )
      assert.strictEqual(requests[1]?.headers["content-type"], "application/json")
      assert.notProperty(requests[1]?.headers, "authorization")
    })
  )
})
