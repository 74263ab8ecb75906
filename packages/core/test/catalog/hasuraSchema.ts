/**
 * The schema that Hasura generates for a catalogue's tables. It follows Hasura's documentation and
 * uses no code of the library.
 */
import type * as Catalog from "@innerspace-metrics/core/Catalog"
import type * as Scalar from "@innerspace-metrics/core/Scalar"
import type * as Table from "@innerspace-metrics/core/Table"
import { buildSchema, type GraphQLSchema, introspectionFromSchema } from "graphql"

const schemaOf = (catalog: Catalog.Catalog): GraphQLSchema => {
  const tables = [...catalog.tables.values()]
  const comparisons = new Map<string, { readonly name: string; readonly text: string }>()
  const scalars = new Set<string>()
  const enums = new Map<string, ReadonlyArray<string>>()

  const comparisonOf = (scalar: Scalar.Any): string => {
    const fields = Object.entries(scalar.operators).map(([name, argument]) => {
      if ("casts" in argument) return `${name}: ${scalar.name}_cast_exp`
      for (const type of argument.type.match(/\w+/g) ?? []) scalars.add(type)
      return `${name}: ${argument.isList ? `[${argument.type}!]` : argument.type}`
    })
    const text = fields.length === 0 ? "_unused: _none" : fields.join(" ")
    const key = `${scalar.name} ${text}`
    const found = comparisons.get(key)
    if (found !== undefined) return found.name
    const wanted = `${scalar.name.replace(/\W/g, "")}${scalar.name.startsWith("[") ? "_array" : ""}`
    const name = `${wanted}${comparisons.size}_comparison_exp`
    comparisons.set(key, { name, text })
    return name
  }

  const printTable = (table: Table.Any): string => {
    const columns = [...table.byName]
    const relationships = [...table.relationships]
    for (const [, { scalar }] of columns) {
      if (scalar.values !== undefined) enums.set(scalar.name, scalar.values)
      for (const type of scalar.name.match(/\w+/g) ?? []) scalars.add(type)
    }
    const name = table.name
    const rowFields = [
      ...columns.map(([of, { scalar, isNullable }]) => {
        const path = scalar.name === "jsonb" ? "(path: String)" : ""
        return `${of}${path}: ${scalar.name}${isNullable ? "" : "!"}`
      }),
      ...relationships.map(([of, { isMany, table }]) => {
        const target = table().name
        return isMany
          ? `${of}(where: ${target}_bool_exp limit: Int): [${target}!]!
             ${of}_aggregate(where: ${target}_bool_exp): ${target}_aggregate!`
          : `${of}: ${target}`
      })
    ]
    const filters = [
      ...columns.map(([of, { scalar }]) => `${of}: ${comparisonOf(scalar)}`),
      ...relationships.map(([of, { table }]) => `${of}: ${table().name}_bool_exp`)
    ]
    return `
      type ${name} { ${rowFields.join("\n")} }
      type ${name}_aggregate { nodes: [${name}!]! }
      input ${name}_bool_exp {
        _and: [${name}_bool_exp!] _or: [${name}_bool_exp!] _not: ${name}_bool_exp
        ${filters.join("\n")}
      }
      input ${name}_order_by { ${columns.map(([of]) => `${of}: order_by`).join("\n")} }`
  }

  const printed = tables.map(printTable)
  const standard = new Set([
    ...["Int", "Float", "String", "Boolean", "ID"],
    ...["st_d_within_input", "st_d_within_geography_input", "geometry", "geography"]
  ])
  return buildSchema(
    `
    ${[...scalars]
      .filter((name) => !standard.has(name) && !enums.has(name))
      .map((name) => `scalar ${name}`)
      .join("\n")}
    ${Array.from(enums, ([name, values]) => `enum ${name} { ${values.join(" ")} }`).join("\n")}
    enum order_by { asc desc }
    input _none { _none: Boolean }
    scalar geometry
    scalar geography
    input st_d_within_input { distance: Float! from: geometry! }
    input st_d_within_geography_input { distance: Float! from: geography! use_spheroid: Boolean }
    input geometry_cast_exp { geography: geography_cast_comparison_exp }
    input geography_cast_comparison_exp { _st_intersects: geography }
    input geography_cast_exp { geometry: geometry_cast_comparison_exp }
    input geometry_cast_comparison_exp { _st_intersects: geometry }
    input jsonb_cast_exp { String: String_cast_comparison_exp }
    input String_cast_comparison_exp { _like: String }
    ${[...comparisons.values()].map(({ name, text }) => `input ${name} { ${text} }`).join("\n")}
    ${printed.join("\n")}
    type query_root {
      ${tables
        .map(
          ({ name }) => `
            ${name}(where: ${name}_bool_exp order_by: [${name}_order_by!] limit: Int offset: Int): [${name}!]!
            ${name}_aggregate(where: ${name}_bool_exp): ${name}_aggregate!
            ${name}_by_pk(id: Int!): ${name}`
        )
        .join("\n")}
    }
    schema { query: query_root }`,
    { assumeValid: true }
  )
}

/** A server's whole response to an introspection query. */
export const introspectionOf = (catalog: Catalog.Catalog): unknown => ({
  data: introspectionFromSchema(schemaOf(catalog), { descriptions: false })
})
