/** A schema of the size that Hasura generates for a database with many tables. */
import { buildSchema, introspectionFromSchema } from "graphql"

const scalars = ["Int", "String", "timestamptz", "float8", "jsonb", "bigint", "numeric", "Boolean"]

/**
 * The response of such a server to an introspection query. Each table has a relationship to the
 * next table.
 */
export const largeIntrospection = (tables: number, columns: number): unknown => {
  const names = Array.from({ length: tables }, (_, index) => `table_${index}`)
  const columnNames = Array.from({ length: columns }, (_, index) => ({
    name: `column_${index}`,
    type: scalars[index % scalars.length] ?? "Int",
    isNullable: index % 3 === 0
  }))
  const print = (name: string, index: number): string => {
    const next = names[(index + 1) % tables] ?? name
    return `
      type ${name} {
        ${columnNames.map(({ name, type, isNullable }) => `${name}: ${type}${isNullable ? "" : "!"}`).join("\n")}
        next: ${next}
        many(where: ${next}_bool_exp limit: Int): [${next}!]!
      }
      input ${name}_bool_exp {
        _and: [${name}_bool_exp!] _or: [${name}_bool_exp!] _not: ${name}_bool_exp
        ${columnNames.map(({ name, type }) => `${name}: ${type}_comparison_exp`).join("\n")}
        next: ${next}_bool_exp many: ${next}_bool_exp
      }
      input ${name}_order_by { ${columnNames.map(({ name }) => `${name}: order_by`).join("\n")} }
      enum ${name}_select_column { ${columnNames.map(({ name }) => name).join("\n")} }`
  }
  const schema = buildSchema(
    `
    schema { query: query_root }
    enum order_by { asc asc_nulls_first asc_nulls_last desc desc_nulls_first desc_nulls_last }
    ${scalars
      .filter((name) => !["Int", "String", "Boolean"].includes(name))
      .map((name) => `scalar ${name}`)
      .join("\n")}
    ${scalars.map(comparison).join("\n")}
    ${names.map(print).join("\n")}
    type query_root {
      ${names
        .map(
          (name) => `${name}(
            where: ${name}_bool_exp order_by: [${name}_order_by!] limit: Int offset: Int
            distinct_on: [${name}_select_column!]
          ): [${name}!]!`
        )
        .join("\n")}
    }`,
    { assumeValid: true }
  )
  return introspectionFromSchema(schema, { descriptions: false })
}

const comparison = (type: string): string => {
  const text = ["like", "ilike", "similar", "regex", "iregex"]
    .map((name) => `_${name}: String _n${name}: String`)
    .join(" ")
  const json =
    "_contains: jsonb _contained_in: jsonb _has_key: String _has_keys_any: [String!] _has_keys_all: [String!]"
  return `input ${type}_comparison_exp {
    _eq: ${type} _neq: ${type} _in: [${type}!] _nin: [${type}!] _is_null: Boolean
    _gt: ${type} _gte: ${type} _lt: ${type} _lte: ${type}
    ${type === "String" ? text : ""} ${type === "jsonb" ? `${json} _cast: jsonb_cast_exp` : ""}
  }
  ${type === "jsonb" ? "input jsonb_cast_exp { String: String_comparison_exp }" : ""}`
}
