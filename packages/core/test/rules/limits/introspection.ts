/** Tests a role that may read the schema, and a role that may not. */
import { assert, type Vitest } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Query from "@innerspace-metrics/core/Query"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { getIntrospectionQuery } from "graphql"
import { fresh, operations } from "../../support/sandboxClient.js"
import { Clients } from "../clients.js"
import { zones } from "../tables.js"

const request = {
  document: getIntrospectionQuery({ descriptions: false }),
  operationName: "IntrospectionQuery",
  schema: Schema.Unknown
}

export const introspection = (it: Vitest.MethodsNonLive<Clients | Sandbox.Sandbox>): void => {
  it.effect("with introspection off, only the request for the schema is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const { v2 } = (yield* Clients).plain
      yield* sandbox.control.setRole({ introspection: false })
      const error = yield* Effect.flip(v2.execute(request))
      const sent = yield* operations
      const [first] = yield* v2.query(Query.limit(zones, 1))
      yield* fresh
      assert(error._tag === "GraphQLError")
      assert.deepInclude(error, {
        reason: "Invalid",
        isRetryable: false,
        operationName: "IntrospectionQuery",
        status: 200
      })
      assert.deepStrictEqual(
        error.errors.map(({ code }) => code),
        ["not-supported"]
      )
      assert.include(error.problem, "introspection is disabled")
      assert.deepStrictEqual(sent, ["IntrospectionQuery"])
      assert.strictEqual(first?.ZONE_ID, 71101)
    })
  )

  it.effect(
    "with introspection on, a catalogue can be made from the schema, and its tables can be queried",
    () =>
      Effect.gen(function* () {
        yield* fresh
        const { v2 } = (yield* Clients).plain
        const catalog = yield* Catalog.fromIntrospection("live", yield* v2.execute(request))
        const live = catalog.tables.get("ZONES")
        assert(live !== undefined)
        assert.deepStrictEqual(
          [...live.byName].map(([name, { scalar }]) => `${name}: ${scalar.name}`).toSorted(),
          ["CAPACITY: Int", "NAME: String", "SITE_ID: Int", "ZONE_ID: Int", "ZONE_TYPE: String"]
        )
        assert.deepStrictEqual([...live.relationships.keys()], ["SITE"])
        // The query has the same result with the table from the schema as with the declared table.
        assert.deepStrictEqual<unknown>(
          yield* v2.query<unknown>({ ...zones, table: live }),
          yield* v2.query(zones)
        )
      })
  )

  it.effect("the schema has no aggregates for a role that may not aggregate", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const { v2 } = (yield* Clients).plain
      const aggregates = Effect.map(v2.execute(request), (schema) =>
        JSON.stringify(schema).includes('"ZONES_aggregate"')
      )
      assert.isTrue(yield* aggregates)
      yield* sandbox.control.setRole({ allowAggregations: false })
      const hidden = yield* aggregates
      yield* fresh
      assert.isFalse(hidden)
    })
  )
}
