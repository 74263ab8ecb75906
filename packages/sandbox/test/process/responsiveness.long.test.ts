import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, endpoints, post } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const times = (count: number, each: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => each(index)).join(" ")

/** Operations that take long, for different reasons. */
const long: ReadonlyArray<readonly [what: string, ask: string]> = [
  [
    "a query of all quarter hours",
    `{ ZONE_INSIGHTS(where: {GRANULARITY: {_eq: "PT15M"}}) { ZONE_ID OCCUPANCY_MEAN GROUP_ID } }`
  ],
  [
    "8,000 aliases of one root field",
    `{ ${times(8_000, (index) => `a${index}: ZONES(where: {ZONE_ID: {_eq: ${index}}}) { NAME }`)} }`
  ],
  ["8,000 selections of one field", `{ ${times(8_000, () => "ZONES(limit: 1) { NAME }")} }`],
  [
    "relationships in relationships",
    `{ BUILDINGS ${times(8, () => "{ FLOORS { BUILDING")} { NAME } ${"} }".repeat(8)} }`
  ],
  [
    "a filter of 20,000 alternatives",
    `{ ZONES(where: {_or: [${times(20_000, (index) => `{ZONE_ID: {_eq: ${index}}}`)}]}) { NAME } }`
  ],
  [
    "a list of 100,000 values",
    `{ ZONES(where: {ZONE_ID: {_in: [${times(100_000, String)}]}}) { NAME } }`
  ],
  [
    "an aggregate of 2,000 numbers",
    `{ ZONES_aggregate { aggregate { ${times(2_000, (index) => `a${index}: count`)} } } }`
  ],
  [
    "the schema a hundred times",
    `{ ${times(100, (index) => `a${index}: __schema { types { name fields { name args { name } } inputFields { name } } }`)} }`
  ]
]

layer(Sandbox.layer(), { timeout: startTimeout })("the token endpoint", (it) => {
  for (const [what, ask] of long) {
    it.effect(`a token request is answered before an earlier operation with ${what}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const headers = yield* authorize(sandbox, "v2")
        const order: Array<string> = []
        const [answer] = yield* Effect.all(
          [
            post(endpoints(sandbox).v2.graphql, { query: ask }, headers).pipe(
              Effect.tap(() => Effect.sync(() => order.push("operation")))
            ),
            // When the log contains the operation, the operation has arrived.
            sandbox.control.awaitRequests((yield* sandbox.control.requests).length + 1).pipe(
              Effect.zipRight(authorize(sandbox, "v2")),
              Effect.tap(() => Effect.sync(() => order.push("token")))
            )
          ],
          { concurrency: "unbounded" }
        )
        assert.property(answer.json, "data", answer.text.slice(0, 300))
        assert.deepStrictEqual(order, ["token", "operation"])
      })
    )
  }
})
