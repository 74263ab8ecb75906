import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { endpoints, post } from "../support/client.js"
import { signIn } from "../support/openid.js"
import { startTimeout } from "../support/startTimeout.js"

/** Sends a query as a person, with the credential of the generation. */
const asking = (person: "manager" | "tenant") =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const { tokens } = yield* signIn(sandbox, sandbox.signIn.people[person])
    return (query: string, api: Sandbox.ApiName = "v2") =>
      Effect.map(
        post(
          endpoints(sandbox)[api].graphql,
          { query },
          api === "v2"
            ? { "x-session-id": tokens.access_token }
            : { authorization: `Bearer ${tokens.access_token}` }
        ),
        ({ json }) => json
      )
  })

const data = (value: unknown) => ({ data: value })

/** For each table, the column that identifies a building, and the values of building 72. */
const tables: ReadonlyArray<readonly [Sandbox.ApiName, string, string, ReadonlyArray<number>]> = [
  ["v1", "building_features", "building_id", [72]],
  ["v1", "building_metrics", "building_id", [72]],
  ["v1", "site_features", "site_id", [100000721, 100000722]],
  ["v1", "site_metrics", "site_id", [100000721, 100000722]],
  ["v1", "zone_features", "zone_id", [72101, 72102, 72103, 72104, 72201, 72202, 72203, 72204]],
  ["v1", "zone_metrics", "zone_id", [72101, 72102, 72103, 72104, 72201, 72202, 72203, 72204]],
  ["v1", "zone_occupancy", "zone_id", [72101, 72102, 72103, 72104, 72201, 72202, 72203, 72204]],
  ...(["v1.5", "v2"] as const).flatMap(
    (api) =>
      [
        [api, "BUILDING_INSIGHTS", "BUILDING_ID", [72]],
        [api, "ZONE_INSIGHTS", "BUILDING_ID", [72]],
        [api, "ZONE_TYPE_INSIGHTS", "BUILDING_ID", [72]],
        [api, "BUILDINGS", "BUILDING_ID", [72]],
        [api, "FLOORS", "BUILDING_ID", [72]],
        [api, "SITES", "BUILDING_ID", [72]],
        [api, "ZONES", "SITE_ID", [100000721, 100000722]],
        [api, "ZONE_SET", "ZONE_ID", [72102, 72103, 72202, 72203]]
      ] as const
  )
]

/**
 * The filter for a table. It selects enough rows to find every building, floor and zone, and few
 * enough rows to be fast.
 */
const filterOf = (table: string): string => {
  if (table === "zone_occupancy") {
    return `where: {date_time_start: {_gte: "2025-05-05T10:00:00Z", _lt: "2025-05-05T11:00:00Z"}}, `
  }
  if (/_(features|metrics)$/.test(table))
    return `where: {granularity: {_eq: "P1W"}, date_time_start: {_gte: "2025-05-04T00:00:00Z", _lt: "2025-05-06T00:00:00Z"}}, `
  return table.endsWith("_INSIGHTS")
    ? `where: {GRANULARITY: {_eq: "P1M"}, DATE_PARTITION: {_eq: 20250501}}, `
    : ""
}

layer(Sandbox.layer({ today: "2025-06-30" }), { timeout: startTimeout })(
  "a person's permission",
  (it) => {
    it.effect(
      "a tenant can read the rows of their building in every table, and a manager all rows",
      () =>
        Effect.gen(function* () {
          const tenant = yield* asking("tenant")
          const manager = yield* asking("manager")
          for (const [api, table, column, expected] of tables) {
            const query = `{ rows: ${table}(${filterOf(table)}distinct_on: ${column}, order_by: {${column}: asc}) { ${column} } }`
            const seen = yield* tenant(query, api)
            const rows = expected.map((id) => ({ [column]: id }))
            assert.deepStrictEqual(seen, data({ rows }), `${api} ${table}`)
            const all = JSON.stringify(yield* manager(query, api))
            assert.isAbove(all.length, JSON.stringify(seen).length, `${api} ${table}`)
          }
        })
    )

    it.effect("keys, filters and counts reveal no row of another building", () =>
      Effect.gen(function* () {
        const tenant = yield* asking("tenant")
        assert.deepStrictEqual(
          yield* tenant(`{
          theirs: BUILDINGS_by_pk(BUILDING_ID: 71) { NAME }
          own: BUILDINGS_by_pk(BUILDING_ID: 72) { BUILDING_ID }
          zone: ZONES_by_pk(ZONE_ID: 71101) { NAME }
          set: ZONE_SET_by_pk(ZONE_SET_ID: 711, ZONE_ID: 71102) { NAME }
          filtered: SITES(where: {BUILDING_ID: {_in: [71, 73]}}) { SITE_ID }
          either: BUILDINGS(where: {_or: [{}, {_not: {BUILDING_ID: {_eq: 72}}}]}) { BUILDING_ID }
        }`),
          data({
            theirs: null,
            own: { BUILDING_ID: 72 },
            zone: null,
            set: null,
            filtered: [],
            either: [{ BUILDING_ID: 72 }]
          })
        )
        assert.deepStrictEqual(
          yield* tenant(`{
          BUILDINGS_aggregate { aggregate { count max { BUILDING_ID } } nodes { BUILDING_ID } }
          ZONES_aggregate { aggregate { count } }
          none: ZONES_aggregate(where: {SITE_ID: {_eq: 100000711}}) { aggregate { count } nodes { ZONE_ID } }
        }`),
          data({
            BUILDINGS_aggregate: {
              aggregate: { count: 1, max: { BUILDING_ID: 72 } },
              nodes: [{ BUILDING_ID: 72 }]
            },
            ZONES_aggregate: { aggregate: { count: 8 } },
            none: { aggregate: { count: 0 }, nodes: [] }
          })
        )
      })
    )

    it.effect(
      "a permission holds through relationships, in selections, filters, counts and orders",
      () =>
        Effect.gen(function* () {
          const tenant = yield* asking("tenant")
          assert.deepStrictEqual(
            yield* tenant(`{
          BUILDINGS {
            BUILDING_ID
            FLOORS_aggregate { aggregate { count } }
            SITES(order_by: [{ZONES_aggregate: {count: desc}}, {SITE_ID: asc}], limit: 1) {
              SITE_ID
              ZONES_aggregate { aggregate { count } }
              BUILDING { BUILDING_ID }
            }
          }
          reached: FLOORS(where: {BUILDING: {BUILDING_ID: {_eq: 71}}}) { FLOOR_ID }
          counted: BUILDINGS(where: {SITES_aggregate: {count: {predicate: {_gt: 3}}}}) { BUILDING_ID }
        }`),
            data({
              BUILDINGS: [
                {
                  BUILDING_ID: 72,
                  FLOORS_aggregate: { aggregate: { count: 2 } },
                  SITES: [
                    {
                      SITE_ID: 100000721,
                      ZONES_aggregate: { aggregate: { count: 4 } },
                      BUILDING: { BUILDING_ID: 72 }
                    }
                  ]
                }
              ],
              reached: [],
              counted: []
            })
          )
        })
    )

    it.effect("a permission covers the computed rows of building 900", () =>
      Effect.gen(function* () {
        const query =
          "{ rows: ZONE_INSIGHTS(where: {BUILDING_ID: {_eq: 900}}, limit: 1) { BUILDING_ID } }"
        assert.deepStrictEqual(yield* (yield* asking("tenant"))(query), data({ rows: [] }))
        assert.deepStrictEqual(
          yield* (yield* asking("manager"))(query),
          data({ rows: [{ BUILDING_ID: 900 }] })
        )
      })
    )

    it.effect("everyone can read the groups", () =>
      Effect.gen(function* () {
        const query = "{ GROUPS { NAME } }"
        assert.deepStrictEqual(
          yield* (yield* asking("tenant"))(query),
          yield* (yield* asking("manager"))(query)
        )
      })
    )

    it.effect("v2 rejects a person's invalid token with status 401", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const { tokens } = yield* signIn(sandbox, sandbox.signIn.people.tenant)
        const ask = (session: string) =>
          post(
            endpoints(sandbox).v2.graphql,
            { query: "{ __typename }" },
            { "x-session-id": session }
          )
        assert.strictEqual((yield* ask(tokens.access_token)).status, 200)
        const [header = "", payload = "", signature = ""] = tokens.access_token.split(".")
        const claims = Buffer.from(payload, "base64url").toString().replace("{72}", "{71}")
        const forged = `${header}.${Buffer.from(claims).toString("base64url")}.${signature}`
        assert.strictEqual((yield* ask(forged)).status, 401)
        yield* sandbox.control.advance("24 hours")
        assert.strictEqual((yield* ask(tokens.access_token)).status, 401)
        yield* sandbox.control.reset
      })
    )
  }
)
