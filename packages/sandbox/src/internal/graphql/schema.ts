import type {
  GraphQLFieldConfigArgumentMap,
  GraphQLFieldConfigMap,
  GraphQLInputFieldConfigMap,
  GraphQLInputType
} from "graphql"
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString
} from "graphql"
import * as ColumnType from "./ColumnType.js"
import { orderDirections } from "./SelectArguments.js"
import type { Column, Table } from "./Table.js"

/** What graphql-js executes with: the rows of each root field, by the name that the query gave it. */
export interface ExecutionContext {
  readonly rows: ReadonlyMap<string, ReadonlyArray<Row>>
}

/** A row, keyed by the names of the answer. */
export type Row = Readonly<Record<string, unknown>>

const orderBy = new GraphQLEnumType({
  name: "order_by",
  description: "column ordering options",
  values: Object.fromEntries(Object.keys(orderDirections).map((name) => [name, {}]))
})

const nonNullList = (type: GraphQLInputType): GraphQLList<GraphQLInputType> =>
  new GraphQLList(new GraphQLNonNull(type))

/** Builds the schema that introspection shows, in Hasura's names. */
export const build = (tables: ReadonlyArray<Table>): GraphQLSchema => {
  const comparisons = new Map<string, GraphQLInputObjectType>()
  const comparison = (type: ColumnType.ColumnType): GraphQLInputObjectType => {
    const built = comparisons.get(type.name) ?? buildComparison(type, comparison)
    comparisons.set(type.name, built)
    return built
  }
  return new GraphQLSchema({
    query: new GraphQLObjectType<unknown, ExecutionContext>({
      name: "query_root",
      fields: Object.fromEntries(
        tables.map((table) => [
          table.name,
          {
            description: `fetch data from the table: "${table.name}"`,
            type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(buildRow(table)))),
            args: selectArguments(table, comparison),
            resolve: (_source, _args, context, info) => context.rows.get(String(info.path.key))
          }
        ])
      )
    })
  })
}

const buildRow = (table: Table): GraphQLObjectType<Row, ExecutionContext> =>
  new GraphQLObjectType<Row, ExecutionContext>({
    name: table.name,
    description: table.description,
    fields: (): GraphQLFieldConfigMap<Row, ExecutionContext> =>
      Object.fromEntries(
        table.columns.map((column) => [
          column.name,
          {
            type: column.nullable ? column.type.scalar : new GraphQLNonNull(column.type.scalar),
            description: column.description ?? null,
            args:
              column.type.kind === "json"
                ? { path: { type: GraphQLString, description: "JSON select path" } }
                : {},
            // Rows come from the database under the names of the answer, so two paths into one column are two values.
            resolve: (row, _args, _context, info) => row[info.path.key]
          }
        ])
      )
  })

const selectArguments = (
  table: Table,
  comparison: (type: ColumnType.ColumnType) => GraphQLInputObjectType
): GraphQLFieldConfigArgumentMap => ({
  distinct_on: {
    description: "distinct select on columns",
    type: nonNullList(
      new GraphQLEnumType({
        name: `${table.name}_select_column`,
        description: `select columns of table "${table.name}"`,
        values: Object.fromEntries(table.columns.map((column) => [column.name, {}]))
      })
    )
  },
  limit: { description: "limit the number of rows returned", type: GraphQLInt },
  offset: { description: "skip the first n rows", type: GraphQLInt },
  order_by: {
    description: "sort the rows by one or more columns",
    type: nonNullList(
      new GraphQLInputObjectType({
        name: `${table.name}_order_by`,
        fields: Object.fromEntries(table.columns.map((column) => [column.name, { type: orderBy }]))
      })
    )
  },
  where: { description: "filter the rows returned", type: buildBoolExp(table, comparison) }
})

const buildBoolExp = (
  table: Table,
  comparison: (type: ColumnType.ColumnType) => GraphQLInputObjectType
): GraphQLInputObjectType => {
  const boolExp: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: `${table.name}_bool_exp`,
    description: `Boolean expression to filter rows from the table "${table.name}". All fields are combined with a logical 'AND'.`,
    fields: (): GraphQLInputFieldConfigMap => ({
      _and: { type: nonNullList(boolExp) },
      _not: { type: boolExp },
      _or: { type: nonNullList(boolExp) },
      ...Object.fromEntries(
        table.columns.map((column: Column) => [column.name, { type: comparison(column.type) }])
      )
    })
  })
  return boolExp
}

const buildComparison = (
  type: ColumnType.ColumnType,
  comparison: (type: ColumnType.ColumnType) => GraphQLInputObjectType
): GraphQLInputObjectType => {
  const typed = (names: ReadonlyArray<string>, of: GraphQLInputType): GraphQLInputFieldConfigMap =>
    Object.fromEntries(names.map((name) => [name, { type: of }]))
  return new GraphQLInputObjectType({
    name: `${type.name}_comparison_exp`,
    description:
      `Boolean expression to compare columns of type "${type.name}". ` +
      "All fields are combined with logical 'AND'.",
    fields: (): GraphQLInputFieldConfigMap => ({
      ...typed(ColumnType.valueOperators, type.scalar),
      ...typed(["_in", "_nin"], nonNullList(type.scalar)),
      ...typed(["_is_null"], GraphQLBoolean),
      ...(type.kind === "text" ? typed(ColumnType.textOperators, GraphQLString) : {}),
      ...(type.kind === "json"
        ? {
            ...typed(["_cast"], castExpression(comparison)),
            ...typed(["_contains", "_contained_in"], type.scalar),
            ...typed(["_has_key"], GraphQLString),
            ...typed(["_has_keys_any", "_has_keys_all"], nonNullList(GraphQLString))
          }
        : {})
    })
  })
}

const castExpression = (
  comparison: (type: ColumnType.ColumnType) => GraphQLInputObjectType
): GraphQLInputObjectType =>
  new GraphQLInputObjectType({
    name: "jsonb_cast_exp",
    fields: (): GraphQLInputFieldConfigMap => ({ String: { type: comparison(ColumnType.String) } })
  })
