import { Agent } from "node:http"
import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, credentials, endpoints, post, request } from "../support/client.js"
import { rawPost } from "../support/nodeRequest.js"
import { exchange, postBytes } from "../support/rawExchange.js"
import { startTimeout } from "../support/startTimeout.js"

const operation = { query: "{ building_features(limit: 3) { feature_value } }" }

const inject = (...faults: ReadonlyArray<Fault.Fault>) =>
  Effect.flatMap(Sandbox.Sandbox, ({ control }) => Effect.forEach(faults, control.inject))

/** Sends the operation, over a new connection unless an agent is given. */
const ask = (agent: Agent | false = false) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const headers = yield* authorize(sandbox, "v1")
    return yield* rawPost(endpoints(sandbox).v1.graphql, operation, { headers, agent })
  })

const oneConnection = Effect.acquireRelease(
  Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 1 })),
  (agent) => Effect.sync(() => agent.destroy())
)

layer(Sandbox.layer(), { timeout: startTimeout })("faults of connections", (it) => {
  it.effect("slowBody sends the whole body slowly", () =>
    Effect.gen(function* () {
      const usual = yield* ask()
      yield* inject(Fault.slowBody({ bytes: 50, every: "1 millis" }))
      const slow = yield* ask()
      assert.deepStrictEqual(slow.bytes, usual.bytes)
      assert.strictEqual(slow.headers["content-length"], String(usual.bytes.length))
    })
  )

  it.effect("reset breaks the connection before the answer, cutBody in the middle of it", () =>
    Effect.gen(function* () {
      const usual = yield* ask()
      yield* inject(Fault.reset(), Fault.cutBody())
      const before = yield* Effect.flip(ask())
      assert.deepInclude(before, { code: "ECONNRESET", received: 0 })
      const during = yield* Effect.flip(ask())
      assert.deepInclude(during, {
        code: "ECONNRESET",
        received: Math.floor(usual.bytes.length / 2)
      })
    })
  )

  it.scoped("without a fault, an idle connection stays open for more than a minute", () =>
    Effect.gen(function* () {
      const agent = yield* oneConnection
      assert.strictEqual((yield* ask(agent)).headers["keep-alive"], "timeout=65")
    })
  )

  it.scoped("closeConnection resets a kept-alive connection once when it is used again", () =>
    Effect.gen(function* () {
      const agent = yield* oneConnection
      const { control } = yield* Sandbox.Sandbox
      yield* inject(Fault.closeConnection())
      assert.strictEqual((yield* ask(agent)).headers.connection, "keep-alive")
      const logged = (yield* control.requests).length
      assert.deepInclude(yield* Effect.flip(ask(agent)), { code: "ECONNRESET", received: 0 })
      // Only the token request of `ask` arrived, and not the operation.
      assert.strictEqual((yield* control.requests).length, logged + 1)
      assert.strictEqual((yield* ask(agent)).status, 200)
    })
  )

  it.effect("closeConnection with AfterAnswer closes after an answer that says it stays open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      // The second request is sent on the same connection before the first response. Its response
      // never ends, so without the fault the connection would stay open.
      yield* inject(Fault.closeConnection({ when: "AfterAnswer" }), Fault.stallBody())
      const bytes = postBytes("/", ["Content-Type: application/json"], JSON.stringify(operation))
      const received = yield* exchange(
        sandbox.urls.v1,
        bytes.replace("Connection: close", "Connection: keep-alive").repeat(2)
      )
      assert.match(received, /^HTTP\/1\.1 200 /)
      assert.match(received, /\r\nConnection: keep-alive\r\n/)
    })
  )

  it.effect("refuseConnections takes one host offline until the faults are cleared", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const v1 = rawPost(endpoints(sandbox).v1.token, credentials(sandbox))
      yield* inject(Fault.refuseConnections({ target: "token", duration: "10 minutes" }))
      assert.deepInclude(yield* Effect.flip(v1), { code: "ECONNRESET" })
      assert.deepInclude(yield* Effect.flip(v1), { code: "ECONNREFUSED" })
      assert.deepInclude(yield* Effect.flip(v1), { code: "ECONNREFUSED" })
      const { status } = yield* request(`${sandbox.urls.v2}/_sandbox/faults`, {
        method: "DELETE",
        headers: { "content-type": "application/json" }
      })
      assert.strictEqual(status, 204)
      assert.strictEqual((yield* v1).status, 200)
    })
  )

  it.effect("refuseConnections lasts for the given time, and can be repeated", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const v1 = rawPost(endpoints(sandbox).v1.token, credentials(sandbox))
      for (let round = 0; round < 2; round += 1) {
        yield* inject(Fault.refuseConnections({ target: "token", duration: "30 millis" }))
        assert.deepInclude(yield* Effect.flip(v1), { code: "ECONNRESET" })
        assert.strictEqual((yield* Effect.eventually(v1)).status, 200)
      }
    })
  )

  it.effect("a sandbox can stop while a host refuses connections, and breaks pending answers", () =>
    Effect.gen(function* () {
      const answered = yield* Effect.scoped(
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.make()
          const { control } = sandbox
          const token = rawPost(endpoints(sandbox).v2.token, credentials(sandbox))
          yield* control.inject(Fault.stallBody({ target: "token" }))
          const stalled = yield* Effect.fork(Effect.flip(token))
          yield* control.awaitRequests(1)
          yield* control.inject(Fault.refuseConnections({ target: "token", duration: "1 hour" }))
          yield* Effect.flip(token)
          return yield* stalled
        })
      )
      assert.strictEqual(answered._tag, "Broken")
    })
  )

  it.effect("expireTokens expires every token between two pages", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.reset
      for (const api of ["v1", "v2"] as const) {
        const headers = yield* authorize(sandbox, api)
        const page = Effect.map(
          post(endpoints(sandbox)[api].graphql, { query: "{ __typename }" }, headers),
          ({ status, text }) => [status, /"code":"([^"]+)"/.exec(text)?.[1]]
        )
        yield* inject(Fault.expireTokens({ ordinals: [2] }))
        const refusal = api === "v1" ? [200, "invalid-jwt"] : [401, "access-denied"]
        assert.deepStrictEqual(
          [yield* page, yield* page, yield* page],
          [[200, undefined], refusal, refusal]
        )
      }
      yield* sandbox.control.reset
    })
  )

  it.effect("restate changes a night between two requests", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      const query = `{ zone_occupancy(
        where: {zone_id: {_eq: 71101}, date_time_start: {_gte: "2025-05-06T12:00:00Z", _lt: "2025-05-07T02:00:00Z"}}
        order_by: {date_time_start: asc}
      ) { occupancy } }`
      const page = Effect.map(
        post(endpoints(sandbox).v1.graphql, { query }, headers),
        ({ text }) => text
      )
      const first = yield* page
      yield* inject(Fault.restate({ date: "2025-05-06", ordinals: [2] }))
      assert.strictEqual(yield* page, first)
      const restated = yield* page
      assert.notStrictEqual(restated, first)
      assert.strictEqual(yield* page, restated)
      yield* sandbox.control.reset
      assert.strictEqual(yield* page, first)
      yield* inject(Fault.restate({ date: "1999-01-01" }))
      assert.strictEqual(yield* page, first)
    })
  )

  it.effect(
    "columnGone removes a column from the schema and the answers until the faults are cleared",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const headers = yield* authorize(sandbox, "v1")
        const send = (query: string) =>
          Effect.map(post(endpoints(sandbox).v1.graphql, { query }, headers), ({ text }) => text)
        const value = "{ building_features(limit: 1) { feature_value } }"
        const others = "{ building_features(limit: 1) { building_id } }"
        const fields = `{ __type(name: "building_features") { fields { name } } }`
        yield* inject(Fault.columnGone({ table: "building_features", column: "feature_value" }))
        assert.match(yield* send(value), /field 'feature_value' not found in type/)
        assert.match(yield* send(others), /"building_id":/)
        assert.notInclude(yield* send(fields), "feature_value")
        assert.include(yield* send(fields), "feature_name")
        yield* sandbox.control.clearFaults
        assert.match(yield* send(value), /"feature_value":/)
        assert.include(yield* send(fields), "feature_value")
      })
  )

  it.effect("columnGone renames a column, also in filters, orders, relationships and the key", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v2")
      const send = (query: string) =>
        Effect.map(post(endpoints(sandbox).v2.graphql, { query }, headers), ({ text }) => text)
      const rename = (column: string, renamedTo?: string) =>
        Fault.columnGone({
          table: "ZONES",
          column,
          ...(renamedTo === undefined ? {} : { renamedTo }),
          times: 2
        })
      const list = (name: string) =>
        `{ ZONES(where: {${name}: {_eq: 71101}}, order_by: {${name}: asc}) { ${name} } }`
      const nested = (name: string) =>
        `{ SITES(where: {SITE_ID: {_eq: 100000711}}) { ZONES(order_by: {${name}: asc}, limit: 1) { ${name} } } }`
      const byKey = (name: string) => `{ ZONES_by_pk(${name}: 71101) { ${name} } }`
      for (const query of [list, nested, byKey]) {
        yield* inject(rename("ZONE_ID", "ROOM_ID"))
        assert.match(yield* send(query("ROOM_ID")), /"ROOM_ID":71101\}/)
        assert.match(yield* send(query("ZONE_ID")), /"errors"/)
        assert.match(yield* send(query("ZONE_ID")), /"ZONE_ID":71101\}/)
      }
      yield* inject(rename("ZONE_ID"))
      assert.match(yield* send(byKey("ZONE_ID")), /"errors"/)
      assert.match(yield* send("{ ZONES(limit: 1) { SITE_ID } }"), /"SITE_ID":/)
    })
  )

  it.effect("columnGone does not affect a generation without the column", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v1")
      yield* inject(Fault.columnGone({ table: "ZONES", column: "ZONE_ID", times: 1 }))
      const answer = yield* post(endpoints(sandbox).v1.graphql, operation, headers)
      assert.match(answer.text, /"feature_value":/)
      assert.strictEqual((yield* sandbox.control.requests).at(-1)?.fault, "ColumnGone")
    })
  )
})
