/** Tests the differences that `Catalog.diff` reports, and their texts. */
import { assert, describe, it } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as Either from "effect/Either"
import { introspectionOf } from "./hasuraSchema.js"

const of = <Decoded, Filter>(scalar: Scalar.Scalar<Decoded, Filter>) =>
  Column.documented(scalar, "test")

/** A text type with one more operator. */
const textWith = (operator: string, type: string) =>
  Scalar.make({
    ...Scalar.String,
    operators: {
      ...Scalar.String.operators,
      [operator]: { type, isList: false, encode: () => Either.left("nothing") }
    }
  })

const kinds = (...values: ReadonlyArray<string>) => of(Scalar.enumeration("kind_enum", values))

describe("diff", () => {
  const site = Table.make("sites", { id: of(Scalar.Int) })
  const zone = {
    id: of(Scalar.Int),
    name: of(Scalar.String),
    kind: kinds("desk", "room"),
    site: Relationship.one(() => site)
  }
  const before = Catalog.make("before", [site, Table.make("zones", zone)])
  const fewer = Catalog.restrict(Scalar.String, ["_eq", "_in"])
  const after = (columns: {
    readonly [name: string]: Column.Any | Relationship.Relationship<unknown, boolean>
  }) => Catalog.make("after", [site, Table.make("zones", columns)])

  const cases: ReadonlyArray<
    readonly [Catalog.Catalog, change: Catalog.Change["_tag"], line: string]
  > = [
    [
      Catalog.make("after", [...before.tables.values(), Table.make("floors", {})]),
      "TableAdded",
      "floors: table added"
    ],
    [Catalog.make("after", [site]), "TableRemoved", "zones: table removed"],
    [after({ ...zone, level: of(Scalar.Int) }), "ColumnAdded", "zones.level: column added, Int!"],
    [
      after({ id: zone.id, kind: zone.kind, site: zone.site }),
      "ColumnRemoved",
      "zones.name: column removed, was String!"
    ],
    [after({ ...zone, id: of(Scalar.bigint) }), "ColumnRetyped", "zones.id: was Int, is bigint"],
    [
      after({ ...zone, id: Column.nullable(zone.id) }),
      "NullabilityChanged",
      "zones.id: can be null now"
    ],
    [
      after({ ...zone, home: zone.site }),
      "RelationshipAdded",
      "zones.home: relationship added, sites"
    ],
    [
      after({ id: zone.id, kind: zone.kind, name: zone.name }),
      "RelationshipRemoved",
      "zones.site: relationship removed, was sites"
    ],
    [
      after({ ...zone, site: Relationship.many(() => site) }),
      "RelationshipRetyped",
      "zones.site: was sites, is [sites]"
    ],
    [
      after({ ...zone, name: of(textWith("_soundex", "String")) }),
      "OperatorAdded",
      "String._soundex: operator added, accepts String (zones.name)"
    ],
    [
      after({ ...zone, name: of(textWith("_like", "pattern")) }),
      "OperatorRetyped",
      "String._like: accepted String, accepts pattern (zones.name)"
    ],
    [
      after({ ...zone, kind: kinds("lab", "room", "desk") }),
      "ValueAdded",
      "kind_enum.lab: value added (zones.kind)"
    ],
    [
      after({ ...zone, kind: kinds("room") }),
      "ValueRemoved",
      "kind_enum.desk: value removed (zones.kind)"
    ]
  ]
  for (const [catalog, tag, line] of cases) {
    it(`diff names one change as ${tag}`, () => {
      const changes = Catalog.diff(before, catalog)
      assert.deepStrictEqual(
        changes.map((change) => change._tag),
        [tag]
      )
      assert.deepStrictEqual(changes.map(Catalog.formatChange), [line])
    })
  }

  it("diff lists the change of an operator once, however many columns have it", () => {
    const changes = Catalog.diff(
      Catalog.make("before", [Table.make("zones", { a: of(Scalar.String), b: of(Scalar.String) })]),
      Catalog.make("after", [Table.make("zones", { a: of(fewer), b: of(fewer) })])
    )
    const lost = Object.keys(Scalar.String.operators).filter(
      (name) => name !== "_eq" && name !== "_in"
    )
    assert.deepStrictEqual(
      changes.map(Catalog.formatChange),
      lost.sort().map((name) => {
        const type = name === "_nin" ? "[String]" : name === "_is_null" ? "Boolean" : "String"
        return `String.${name}: operator removed, accepted ${type} (zones.a and 1 more)`
      })
    )
  })

  it("diff lists the change of an enum value once, however many columns have it", () => {
    assert.deepStrictEqual(
      Catalog.diff(
        Catalog.make("before", [Table.make("zones", { a: kinds("x", "y"), b: kinds("x", "y") })]),
        Catalog.make("after", [Table.make("zones", { a: kinds("y", "z"), b: kinds("y", "z") })])
      ).map(Catalog.formatChange),
      [
        "kind_enum.x: value removed (zones.a and 1 more)",
        "kind_enum.z: value added (zones.a and 1 more)"
      ]
    )
  })

  it("diff lists a retyped column once, without the changes of its operators", () => {
    assert.strictEqual(Catalog.diff(before, after({ ...zone, name: of(Scalar.Int) })).length, 1)
  })

  it("diff compares a server's catalogue with one written by hand", () => {
    assert.deepStrictEqual(
      Either.map(Catalog.fromIntrospection("live", introspectionOf(before)), (live) =>
        Catalog.diff(before, live)
      ),
      Either.right([])
    )
  })
})
