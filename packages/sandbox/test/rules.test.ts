import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { someOf } from "../../../tools/cases.mjs"
import { answered, busyMaximum, zones } from "./rules/answers.js"
import { refusals } from "./rules/refusals.js"
import { authorize, endpoints, post, query } from "./support/client.js"
import { startTimeout } from "./support/startTimeout.js"

/**
 * Replaces numbers that depend on the seed, unless they are 0. The test compares only whether a
 * person was present.
 */
const withoutNumbers = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part: unknown) =>
      key === "OCCUPANCY_MAX" && part !== 0 ? busyMaximum : part
    )
  )

layer(Sandbox.layer({ today: "2025-06-30" }), { timeout: startTimeout })(
  "rules of Hasura",
  (it) => {
    for (const { answer, api = "v2", ask, rule, variables } of someOf(answered, 3)) {
      it.effect(rule, () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.Sandbox
          const found = yield* query(sandbox, ask, { api, variables })
          assert.deepStrictEqual(withoutNumbers(found.json), { data: { r: answer } })
        })
      )
    }

    for (const { ask, code, rule, says, variables } of someOf(refusals, 3)) {
      it.effect(rule, () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.Sandbox
          const refused = yield* query(sandbox, ask, { api: "v2", variables })
          assert.strictEqual(refused.status, 200)
          assert.include(refused.text, `"code":"${code}"`)
          assert.include(JSON.stringify(refused.json).replaceAll('\\"', '"'), says)
          assert.notProperty(refused.json, "data")
        })
      )
    }

    it.effect("A5: a batch is answered in order, each operation with its own data or errors", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const headers = yield* authorize(sandbox, "v2")
        const batch = [{ query: "{ nothing { x } }" }, { query: `{ ${zones("limit: 1")} }` }]
        const answer = yield* post(endpoints(sandbox).v2.graphql, batch, headers)
        assert.match(
          answer.text,
          /^\[\{"errors":.*\},\{"data":\{"r":\[\{"ZONE_ID":71101\}\]\}\}\]$/
        )
      })
    )

    it.effect("A7: a limit of the server is an error in a 200 like any other", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const limit = {
          errors: [
            {
              extensions: { path: "$", code: "rate-limit-exceeded" },
              message: "Rate Limit exceeded: 60 requests per minute"
            }
          ]
        }
        yield* sandbox.control.inject(Fault.answer({ body: JSON.stringify(limit) }))
        const refused = yield* query(sandbox, `{ ${zones("limit: 1")} }`, { api: "v2" })
        assert.strictEqual(refused.status, 200)
        assert.deepStrictEqual(refused.json, limit)
        const next = yield* query(sandbox, `{ ${zones("limit: 1")} }`, { api: "v2" })
        assert.property(next.json, "data")
      })
    )
  }
)
