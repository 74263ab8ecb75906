/**
 * Tests columns of PostGIS types. The sandbox has no such columns, so operations are checked
 * against a schema like the schema of Hasura v2.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type * as Filter from "@innerspace-metrics/core/Filter"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as Effect from "effect/Effect"
import { buildSchema, parse, validate } from "graphql"

const of = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) => Column.documented(scalar, "test")

const zones = Table.make("zones", {
  zone_id: of(Scalar.Int),
  polygon: of(Scalar.geometry),
  position: Column.nullable(of(Scalar.geography))
})

/** Operators and arguments as in Hasura v2's schemas of PostGIS columns. */
const schema = buildSchema(`
  scalar geometry
  scalar geography
  input st_d_within_input { distance: Float! from: geometry! }
  input st_d_within_geography_input { distance: Float! from: geography! use_spheroid: Boolean = true }
  input Int_comparison_exp { _eq: Int }
  input geometry_cast_exp { geography: geography_comparison_exp }
  input geography_cast_exp { geometry: geometry_comparison_exp }
  input geometry_comparison_exp {
    _cast: geometry_cast_exp
    _eq: geometry _gt: geometry _gte: geometry _in: [geometry!] _is_null: Boolean
    _lt: geometry _lte: geometry _neq: geometry _nin: [geometry!]
    _st_3d_d_within: st_d_within_input _st_3d_intersects: geometry _st_contains: geometry
    _st_crosses: geometry _st_d_within: st_d_within_input _st_equals: geometry
    _st_intersects: geometry _st_overlaps: geometry _st_touches: geometry _st_within: geometry
  }
  input geography_comparison_exp {
    _cast: geography_cast_exp
    _eq: geography _gt: geography _gte: geography _in: [geography!] _is_null: Boolean
    _lt: geography _lte: geography _neq: geography _nin: [geography!]
    _st_d_within: st_d_within_geography_input _st_intersects: geography
  }
  input zones_bool_exp { zone_id: Int_comparison_exp polygon: geometry_comparison_exp position: geography_comparison_exp }
  type zones { zone_id: Int! polygon: geometry! position: geography }
  type query_root { zones(where: zones_bool_exp): [zones!]! }
  schema { query: query_root }
`)

const point: Filter.GeoJson = { type: "Point", coordinates: [-87.63, 41.88] }
const area: Filter.GeoJson = {
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 0]
    ]
  ]
}

const build = (where: Query.Where<typeof zones.columns>) =>
  QueryBuilder.build(Query.from(zones, { select: ["zone_id"], where }))

const geometries = ["_eq", "_neq", "_gt", "_gte", "_lt", "_lte"] as const
const spatial = [
  "_st_contains",
  "_st_crosses",
  "_st_equals",
  "_st_intersects",
  "_st_overlaps",
  "_st_touches",
  "_st_within",
  "_st_3d_intersects"
] as const

/** One filter for each operator of each type. */
const filters: ReadonlyArray<readonly [name: string, where: Query.Where<typeof zones.columns>]> = [
  ...[...geometries, ...spatial].map(
    (operator) => [`geometry ${operator}`, { polygon: { [operator]: area } }] as const
  ),
  ...[...geometries, "_st_intersects" as const].map(
    (operator) => [`geography ${operator}`, { position: { [operator]: point } }] as const
  ),
  ["geometry _in and _nin", { polygon: { _in: [area], _nin: [point] } }],
  ["geography _is_null", { position: { _is_null: true } }],
  ["geometry _st_d_within", { polygon: { _st_d_within: { distance: 2.5, from: point } } }],
  ["geometry _st_3d_d_within", { polygon: { _st_3d_d_within: { distance: 0, from: point } } }],
  ["geography _st_d_within", { position: { _st_d_within: { distance: 500, from: point } } }],
  [
    "geography _st_d_within on a sphere",
    { position: { _st_d_within: { distance: 500, from: point, use_spheroid: false } } }
  ],
  [
    "geometry as geography",
    { polygon: { _cast: { geography: { _st_d_within: { distance: 5, from: point } } } } }
  ],
  ["geography as geometry", { position: { _cast: { geometry: { _st_within: area } } } }]
]

describe("columns of PostGIS", () => {
  for (const [name, where] of filters) {
    it.effect(`the operator ${name} is sent as Hasura declares it, its value a variable`, () =>
      Effect.gen(function* () {
        const operation = yield* build(where)
        assert.deepStrictEqual(validate(schema, parse(Operation.toText(operation))), [])
        const inline = yield* Operation.toInlineText(operation)
        assert.deepStrictEqual(validate(schema, parse(inline)), [])
        assert.lengthOf(Object.keys(operation.variables), name.includes("_in and") ? 2 : 1)
      })
    )
  }

  it.effect("the variable of a distance is declared with its input type", () =>
    Effect.gen(function* () {
      const operation = yield* build({
        position: { _st_d_within: { distance: 500, from: point } }
      })
      assert.include(
        Operation.toText(operation),
        "($position_st_d_within: st_d_within_geography_input!)"
      )
      assert.deepStrictEqual(operation.variables, {
        position_st_d_within: { distance: 500, from: point }
      })
    })
  )

  const wrong: ReadonlyArray<readonly [what: string, filter: unknown]> = [
    ["a type that GeoJSON has not", { polygon: { _eq: { type: "Circle", coordinates: [] } } }],
    [
      "a feature, which is not a geometry",
      { polygon: { _eq: { type: "Feature", geometry: area } } }
    ],
    ["text", { polygon: { _st_within: "POINT(1 2)" } }],
    ["what is no JSON", { polygon: { _eq: { type: "Point", coordinates: [1n, 2n] } } }],
    ["no distance", { polygon: { _st_d_within: { from: point } } }],
    ["a distance below 0", { polygon: { _st_d_within: { distance: -1, from: point } } }],
    ["no place", { polygon: { _st_d_within: { distance: 1 } } }],
    [
      "a spheroid in a plane",
      { polygon: { _st_d_within: { distance: 1, from: point, use_spheroid: true } } }
    ],
    [
      "a spheroid that is not a boolean",
      { position: { _st_d_within: { distance: 1, from: point, use_spheroid: "yes" } } }
    ]
  ]
  for (const [what, filter] of wrong) {
    it.effect(`a spatial filter rejects ${what}`, () =>
      Effect.gen(function* () {
        // Untyped code can pass anything.
        const error = yield* Effect.flip(build(filter as Query.Where<typeof zones.columns>))
        assert.strictEqual(error.reason, "InvalidValue")
      })
    )
  }

  it("geography accepts neither the operators of geometry nor of text", () => {
    const select = ["zone_id"] as const
    // @ts-expect-error geography has no _st_within
    Query.from(zones, { select, where: { position: { _st_within: area } } })
    // @ts-expect-error a plain object could be read as operators
    Query.from(zones, { select, where: { polygon: area } })
    // @ts-expect-error text is not accepted
    Query.from(zones, { select, where: { polygon: { _eq: "POINT(1 2)" } } })
    // @ts-expect-error _cast leads to the other type
    Query.from(zones, { select, where: { polygon: { _cast: { geometry: { _eq: area } } } } })
    const sphere = { distance: 1, from: point, use_spheroid: true }
    Query.from(zones, { select, where: { position: { _st_d_within: sphere } } })
    const flat: Filter.GeometryFilter = {
      // @ts-expect-error geometry is in a plane and has no spheroid
      _st_d_within: { distance: 1, from: point, use_spheroid: true }
    }
    assert.isDefined(flat)
  })

  it.effect("a spatial column decodes GeoJSON, with the members that PostGIS adds", () =>
    Effect.gen(function* () {
      const operation = yield* QueryBuilder.build(
        Query.from(zones, { select: ["polygon", "position"] })
      )
      const polygon = { ...area, crs: { type: "name", properties: { name: "EPSG:4326" } } }
      assert.deepStrictEqual(yield* operation.decode({ zones: [{ polygon, position: null }] }), [
        { polygon, position: null }
      ])
      const error = yield* Effect.flip(
        operation.decode({ zones: [{ polygon: "0101", position: null }] })
      )
      assert.deepStrictEqual([error.column, error.found], ["polygon", '"0101"'])
    })
  )
})
