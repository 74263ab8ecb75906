/**
 * Generates any catalogue that a server could have, with the names that are most difficult to print
 * as code.
 */
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as FastCheck from "effect/FastCheck"

export const knownScalars: ReadonlyArray<Scalar.Any> = [
  Scalar.Int,
  Scalar.bigint,
  Scalar.numeric,
  Scalar.float8,
  Scalar.Float,
  Scalar.Boolean,
  Scalar.String,
  Scalar.timestamptz,
  Scalar.jsonb,
  Scalar.smallint,
  Scalar.uuid,
  Scalar.date,
  Scalar.timestamp,
  Scalar.time,
  Scalar.timetz,
  Scalar.citext,
  Scalar.bpchar,
  Scalar.ltree,
  Scalar.geometry,
  Scalar.geography,
  Scalar.json
]

const scalars: ReadonlyArray<Scalar.Any> = [
  ...knownScalars,
  Scalar.array(Scalar.Int),
  Scalar.array(Scalar.String),
  Catalog.restrict(Scalar.String, ["_eq", "_neq", "_in", "_is_null"]),
  Catalog.restrict(Scalar.jsonb, ["_contains", "_is_null"]),
  Catalog.restrict(Scalar.Int, []),
  Catalog.unknownScalar("money", {
    _eq: "money",
    _in: "[money]",
    _gt: "money",
    _is_null: "Boolean"
  }),
  Catalog.unknownScalar("money", { _eq: "money" }),
  Catalog.unknownScalar("[money!]", { _eq: "[money!]", _contains: "[money!]" }),
  Catalog.unknownScalar("raster", {}),
  Scalar.enumeration("kind_enum", ["room", "desk", "__proto__", "_"]),
  Catalog.restrict(Scalar.enumeration("level_enum", ["low", "high"]), ["_eq", "_is_null"]),
  Catalog.unknownScalar("[kind_enum!]", { _eq: "[kind_enum!]" })
]

/** A second enum with the name `kind_enum`. A schema never contains both enums. */
const otherKinds = Scalar.enumeration("kind_enum", ["desk", "lab"])

const name = FastCheck.oneof(
  FastCheck.constantFrom(
    "default",
    "default_",
    "class",
    "Column",
    "catalog",
    "source",
    "int",
    "string",
    "intOrNull",
    "undefined",
    "constructor",
    "toString",
    "__proto__",
    "hasOwnProperty",
    "BUILDING_INSIGHTS",
    "building_insights",
    "BuildingInsights",
    "buildingInsightsColumns",
    "_",
    "_1",
    "a".repeat(63)
  ),
  FastCheck.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,50}$/)
)

/**
 * Whether a name is free, which means that Hasura does not use the name for another type of the
 * same schema.
 */
const isFree = (name: string): boolean =>
  !/_(?:aggregate|bool_exp|order_by|comparison_exp|cast_exp|by_pk)$/.test(name) &&
  ![
    "_and",
    "_or",
    "_not",
    "_none",
    "order_by",
    "query_root",
    "money",
    "geometry",
    "kind_enum",
    "level_enum",
    "lquery",
    "ltxtquery"
  ].includes(name) &&
  !knownScalars.some((scalar) => scalar.name === name)

const freeName = name.filter(isFree)

const catalogOf = (
  name: FastCheck.Arbitrary<string>,
  scalars: ReadonlyArray<Scalar.Any>
): FastCheck.Arbitrary<Catalog.Catalog> => {
  const column = FastCheck.record({
    name,
    scalar: FastCheck.constantFrom(...scalars),
    isNullable: FastCheck.boolean()
  })
  const relationship = FastCheck.record({
    name,
    target: FastCheck.nat(),
    isMany: FastCheck.boolean()
  })
  return FastCheck.uniqueArray(
    FastCheck.record({
      name,
      columns: FastCheck.array(column, { minLength: 1, maxLength: 8 }),
      relationships: FastCheck.array(relationship, { maxLength: 3 })
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 5 }
  ).map((parts) => {
    const tables: Array<Table.Any> = parts.map(({ name, columns, relationships }) => {
      const byName = new Map<string, Column.Any | Relationship.Relationship<unknown, boolean>>()
      for (const { name, target, isMany } of relationships) {
        const table = () => tables[target % tables.length] ?? Table.make(name, {})
        byName.set(name, isMany ? Relationship.many(table) : Relationship.one(table))
      }
      // Columns are added last, so no relationship with the same name replaces a column, and each
      // table has a column.
      for (const { name, scalar, isNullable } of columns) {
        const column = Column.documented(scalar, "test")
        byName.set(name, isNullable ? Column.nullable(column) : column)
      }
      return Table.make(name, Object.fromEntries(byName))
    })
    return Catalog.make("any", tables)
  })
}

export const anyCatalog = catalogOf(freeName, scalars)

/** Two catalogues with much in common. */
export const similarCatalogs = FastCheck.tuple(
  catalogOf(FastCheck.constantFrom("a", "b", "c"), [...scalars.slice(-12), otherKinds]),
  catalogOf(FastCheck.constantFrom("a", "b", "c"), [...scalars.slice(-12), otherKinds])
)

/** Everything in which two catalogues can differ, as plain data. */
export const contentOf = ({ tables }: Catalog.Catalog) =>
  Array.from(tables.values(), (table) => ({
    table: table.name,
    columns: sorted(
      Array.from(table.byName, ([column, { scalar, isNullable }]) => ({
        name: column,
        scalar: scalar.name,
        isNullable,
        values: scalar.values === undefined ? [] : [...scalar.values].sort(),
        operators: sorted(
          Object.entries(scalar.operators).map(([name, argument]) => ({
            name,
            type:
              "casts" in argument ? Object.keys(argument.casts) : [argument.type, argument.isList]
          }))
        )
      }))
    ),
    relationships: sorted(
      Array.from(table.relationships, ([relationship, { isMany, table }]) => ({
        name: relationship,
        target: table().name,
        isMany
      }))
    )
  }))

const sorted = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...list].sort((one, other) => (one.name < other.name ? -1 : 1))
