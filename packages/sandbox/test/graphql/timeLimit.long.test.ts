import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { authorize, endpoints, post, query, rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

/**
 * A query that no machine can finish, because the number of floors grows with each of its 40
 * levels.
 */
const endless = `{ BUILDINGS ${"{ FLOORS { BUILDING".repeat(20)} { NAME } ${"} }".repeat(20)} }`

/**
 * A document that no machine can read to its end, because each fragment contains the next fragment
 * twice. The database is not needed for this.
 */
const endlessToRead = `{ FLOORS { ...F0 } } ${Array.from(
  { length: 40 },
  (_, index) =>
    `fragment F${index} on FLOORS { a: BUILDING { FLOORS { ...F${index + 1} } } b: BUILDING { FLOORS { ...F${index + 1} } } }`
).join(" ")} fragment F40 on FLOORS { NAME }`

const refused = {
  errors: [
    {
      extensions: { path: "$", code: "time-limit-exceeded" },
      message: "Time limit exceeded: 3 seconds"
    }
  ]
}

/**
 * Returns rows. After a stopped operation, its thread is started again. The wait for the thread
 * counts towards the time limit, so the query is repeated.
 */
const rowsSoon = (sandbox: Sandbox.Service, ask: string) =>
  Effect.retry(rows(sandbox, ask, { api: "v2" }), {
    while: ({ message }) => message.includes("time-limit-exceeded")
  })

const floors = (sandbox: Sandbox.Service) => rowsSoon(sandbox, "{ rows: FLOORS { NAME } }")

const night = (sandbox: Sandbox.Service) =>
  rowsSoon(
    sandbox,
    `{ rows: ZONE_INSIGHTS(where: {DATE_PARTITION: {_eq: 20250513}, GRANULARITY: {_eq: "PT1H"}, ZONE_ID: {_eq: 71101}},
      order_by: {DATE_TIME_START: asc}) { OCCUPANCY_MEAN } }`
  )

layer(Sandbox.layer({ timeLimit: "3 seconds" }), { timeout: startTimeout })(
  "an operation that takes too long",
  (it) => {
    for (const [what, ask] of [
      ["for the database", endless],
      ["to read", endlessToRead]
    ] as const) {
      it.effect(
        `an operation that takes too long ${what} is stopped, and the next one is answered`,
        () =>
          Effect.gen(function* () {
            const sandbox = yield* Sandbox.Sandbox
            const answer = yield* query(sandbox, ask, { api: "v2" })
            assert.strictEqual(answer.status, 200)
            assert.deepStrictEqual(answer.json, refused)
            assert.strictEqual((yield* floors(sandbox)).length, 6)
          })
      )
    }

    it.effect("the time limit does not undo a restated night", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const first = yield* night(sandbox)
        yield* sandbox.control.restate({ date: "2025-05-13" })
        const second = yield* night(sandbox)
        assert.notDeepEqual(second, first)
        assert.deepStrictEqual((yield* query(sandbox, endless, { api: "v2" })).json, refused)
        assert.deepStrictEqual(yield* night(sandbox), second)
        yield* sandbox.control.reset
        assert.deepStrictEqual(yield* night(sandbox), first)
      })
    )

    it.effect("in a batch the time limit affects only its own operation", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        yield* floors(sandbox)
        const headers = yield* authorize(sandbox, "v2")
        const batch = [{ query: endless }, { query: "{ __typename }" }]
        const answer = yield* post(endpoints(sandbox).v2.graphql, batch, headers)
        assert.deepStrictEqual(answer.json, [refused, { data: { __typename: "query_root" } }])
      })
    )
  }
)

layer(Sandbox.layer({ timeLimit: "1 day" }), { timeout: startTimeout })(
  "an operation of a disconnected client",
  (it) => {
    for (const [what, ask] of [
      ["for the database", endless],
      ["to read", endlessToRead]
    ] as const) {
      it.effect(
        `an operation ${what} is stopped when its client disconnects, and the next one is answered`,
        () =>
          Effect.gen(function* () {
            const sandbox = yield* Sandbox.Sandbox
            const before = (yield* sandbox.control.requests).length
            const asking = yield* Effect.fork(query(sandbox, ask, { api: "v2" }))
            // The two requests are the token request and the operation.
            yield* sandbox.control.awaitRequests(before + 2)
            yield* Fiber.interrupt(asking)
            assert.strictEqual((yield* floors(sandbox)).length, 6)
          })
      )
    }
  }
)
