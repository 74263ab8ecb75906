import { assert, describe, it, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { post, query, rows } from "../support/client.js"
import { startMillis, startTimeout } from "../support/startTimeout.js"

const zoneCount = (sandbox: Sandbox.Service, args = "") =>
  Effect.map(
    rows(sandbox, `{ rows: ZONES${args} { ZONE_ID } }`, { api: "v2" }),
    (found) => found.length
  )

layer(Sandbox.layer({ today: "2025-06-30" }), { timeout: startTimeout })("role", (it) => {
  it.effect("the row limit silently applies to rows, related rows and nodes", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      assert.strictEqual(yield* zoneCount(sandbox), 24)
      yield* sandbox.control.setRole({ rowLimit: 3 })
      assert.strictEqual(yield* zoneCount(sandbox), 3)
      assert.strictEqual(yield* zoneCount(sandbox, "(limit: 2)"), 2)
      assert.strictEqual(yield* zoneCount(sandbox, "(limit: 20)"), 3)
      const answer = yield* query(
        sandbox,
        `{ SITES_by_pk(SITE_ID: 100000711) { ZONES { ZONE_ID } }
          ZONES_aggregate { aggregate { count } nodes { ZONE_ID } } }`,
        { api: "v2" }
      )
      const id = (ZONE_ID: number) => ({ ZONE_ID })
      assert.deepStrictEqual(answer.json, {
        data: {
          SITES_by_pk: { ZONES: [71101, 71102, 71103].map(id) },
          ZONES_aggregate: { aggregate: { count: 24 }, nodes: [71101, 71102, 71103].map(id) }
        }
      })
      yield* sandbox.control.setRole({ rowLimit: null })
      assert.strictEqual(yield* zoneCount(sandbox), 24)
    })
  )

  it.effect("a role that may not aggregate has no aggregate fields", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.setRole({ allowAggregations: false })
      const refused = yield* query(sandbox, "{ ZONES_aggregate { aggregate { count } } }", {
        api: "v2"
      })
      assert.include(refused.text, "field 'ZONES_aggregate' not found in type: 'query_root'")
      const related = yield* query(
        sandbox,
        "{ SITES { ZONES_aggregate { aggregate { count } } } }",
        { api: "v2" }
      )
      assert.include(related.text, "field 'ZONES_aggregate' not found in type: 'SITES'")
      const filter = yield* query(
        sandbox,
        "{ SITES(where: {ZONES_aggregate: {count: {predicate: {_eq: 1}}}}) { SITE_ID } }",
        { api: "v2" }
      )
      assert.include(filter.text, "field 'ZONES_aggregate' not found in type: 'SITES_bool_exp'")
      const schema = yield* query(sandbox, `{ __type(name: "ZONES_aggregate") { name } }`, {
        api: "v2"
      })
      assert.deepStrictEqual(schema.json, { data: { __type: null } })
      yield* sandbox.control.reset
      const allowed = yield* query(sandbox, "{ ZONES_aggregate { aggregate { count } } }", {
        api: "v2"
      })
      assert.property(allowed.json, "data")
    })
  )

  it.effect("with introspection off only the schema is refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.setRole({ introspection: false })
      for (const document of [
        "{ __schema { queryType { name } } }",
        `{ __type(name: "Int") { name } }`
      ]) {
        const refused = yield* query(sandbox, document)
        assert.deepStrictEqual(refused.json, {
          errors: [
            {
              extensions: { path: "$", code: "not-supported" },
              message: 'introspection is disabled for role: "customer"'
            }
          ]
        })
      }
      const names = yield* query(sandbox, "{ __typename }")
      assert.deepStrictEqual(names.json, { data: { __typename: "query_root" } })
      yield* sandbox.control.reset
    })
  )

  it.effect("the role can be changed over HTTP, and an invalid change is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const role = `${sandbox.urls.v2}/_sandbox/role`
      assert.strictEqual((yield* post(role, { rowLimit: 1 })).status, 204)
      assert.strictEqual(yield* zoneCount(sandbox), 1)
      for (const wrong of [{ rowLimit: -1 }, { rowLimit: "1" }, { limit: 1 }]) {
        assert.strictEqual((yield* post(role, wrong)).status, 400)
      }
      yield* sandbox.control.reset
      assert.strictEqual(yield* zoneCount(sandbox), 24)
    })
  )
})

describe("options of the role", () => {
  it.effect(
    "a reset restores the role's options",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({
          rowLimit: 2,
          allowAggregations: false,
          introspection: false
        })
        yield* sandbox.control.setRole({
          rowLimit: null,
          allowAggregations: true,
          introspection: true
        })
        assert.strictEqual(yield* zoneCount(sandbox), 24)
        yield* sandbox.control.reset
        assert.strictEqual(yield* zoneCount(sandbox), 2)
        const texts = yield* Effect.forEach(
          ["{ ZONES_aggregate { aggregate { count } } }", "{ __schema { queryType { name } } }"],
          (document) => Effect.map(query(sandbox, document, { api: "v2" }), ({ text }) => text)
        )
        assert.include(texts[0], "not found in type: 'query_root'")
        assert.include(texts[1], "introspection is disabled")
        const wrong = yield* Effect.flip(Sandbox.make({ rowLimit: -1 }))
        assert.include(wrong.message, "rowLimit")
      }).pipe(Effect.scoped),
    startMillis
  )
})
