import type { GraphQLFieldConfigArgumentMap, GraphQLFieldConfigMap } from "graphql"
import {
  GraphQLBoolean,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString
} from "graphql"
import { directives } from "../directives/definitions.js"
import { aggregateFunctions } from "../select/aggregateFunctions.js"
import type { Column, Table } from "../Table.js"
import * as ColumnType from "../values/ColumnType.js"
import { columnsEnum, nonNullList, selectArguments } from "./inputTypes.js"
import type { Types } from "./Types.js"
import * as TypesOf from "./Types.js"

type Fields = GraphQLFieldConfigMap<unknown, unknown>

/** Builds the schema for introspection, with Hasura's names. */
export const build = (tables: ReadonlyArray<Table>): GraphQLSchema => {
  const types = TypesOf.make()
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: "query_root",
      fields: Object.assign({}, ...tables.map((table) => rootFields(types, table)))
    }),
    directives: directives(ColumnType.Integers)
  })
}

const rootFields = (types: Types, table: Table): Fields => ({
  [table.name]: {
    description: `fetch data from the table: "${table.name}"`,
    type: new GraphQLNonNull(nonNullList(rowType(types, table))),
    args: selectArguments(types, table)
  },
  ...(table.aggregations
    ? {
        [`${table.name}_aggregate`]: {
          description: `fetch aggregated fields from the table: "${table.name}"`,
          type: new GraphQLNonNull(aggregateType(types, table)),
          args: selectArguments(types, table)
        }
      }
    : {}),
  ...(table.key.length === 0
    ? {}
    : {
        [`${table.name}_by_pk`]: {
          description: `fetch data from the table: "${table.name}" using primary key columns`,
          type: rowType(types, table),
          args: Object.fromEntries(
            table.key.map((column) => [
              column.name,
              { type: new GraphQLNonNull(column.type.graphql) }
            ])
          )
        }
      })
})

const rowType = (types: Types, table: Table): GraphQLObjectType =>
  types.object(table.name, table.description, () => ({
    ...Object.fromEntries(table.columns.map((column) => [column.name, columnField(column)])),
    ...Object.assign({}, ...table.relationships.map((related) => relatedFields(types, related)))
  }))

const columnField = (column: Column): Fields[string] => ({
  type: column.nullable ? column.type.graphql : new GraphQLNonNull(column.type.graphql),
  description: column.description ?? null,
  args: column.type.kind === "json" ? jsonPath : {}
})

const jsonPath: GraphQLFieldConfigArgumentMap = {
  path: { type: GraphQLString, description: "JSON select path" }
}

const relatedFields = (types: Types, related: Table["relationships"][number]): Fields => {
  const other = related.table()
  if (related.kind === "object") {
    // The field is nullable, because the other row may not be visible. In Hasura, this is the type
    // of a relationship without a foreign key.
    return {
      [related.name]: { description: "An object relationship", type: rowType(types, other) }
    }
  }
  return {
    [related.name]: {
      description: "An array relationship",
      type: new GraphQLNonNull(nonNullList(rowType(types, other))),
      args: selectArguments(types, other)
    },
    ...(other.aggregations
      ? {
          [`${related.name}_aggregate`]: {
            description: "An aggregate relationship",
            type: new GraphQLNonNull(aggregateType(types, other)),
            args: selectArguments(types, other)
          }
        }
      : {})
  }
}

const aggregateType = (types: Types, table: Table): GraphQLObjectType =>
  types.object(
    `${table.name}_aggregate`,
    `aggregated selection of "${table.name}"`,
    (): Fields => ({
      aggregate: { type: aggregateFields(types, table) },
      nodes: { type: new GraphQLNonNull(nonNullList(rowType(types, table))) }
    })
  )

const aggregateFields = (types: Types, table: Table): GraphQLObjectType =>
  types.object(
    `${table.name}_aggregate_fields`,
    `aggregate fields of "${table.name}"`,
    (): Fields => ({
      count: {
        type: new GraphQLNonNull(ColumnType.Int.graphql),
        args: {
          columns: { type: nonNullList(columnsEnum(types, table)) },
          distinct: { type: GraphQLBoolean }
        }
      },
      ...Object.fromEntries(
        aggregateFunctions.flatMap(({ accepts, name, result }) => {
          const columns = table.columns.filter((column) => accepts(column.type))
          if (columns.length === 0) return []
          const typeName = `${table.name}_${name}_fields`
          const type = types.object(typeName, `aggregate ${name} on columns`, () =>
            Object.fromEntries(
              columns.map((column) => [column.name, { type: result(column.type).graphql }])
            )
          )
          return [[name, { type }]]
        })
      )
    })
  )
