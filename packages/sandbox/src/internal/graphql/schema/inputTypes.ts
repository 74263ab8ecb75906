import type {
  GraphQLEnumType,
  GraphQLFieldConfigArgumentMap,
  GraphQLInputFieldConfigMap,
  GraphQLInputObjectType,
  GraphQLInputType,
  GraphQLNullableType
} from "graphql"
import { GraphQLBoolean, GraphQLList, GraphQLNonNull } from "graphql"
import { aggregateFunctions } from "../select/aggregateFunctions.js"
import type { OrderDirection } from "../select/OrderBy.js"
import type { Column, Table } from "../Table.js"
import * as ColumnType from "../values/ColumnType.js"
import { operatorsOf } from "../where/operators.js"
import * as PredicateFunction from "../where/PredicateFunction.js"
import type { Types } from "./Types.js"

export const nonNullList = <T extends GraphQLNullableType>(
  type: T
): GraphQLList<GraphQLNonNull<T>> => new GraphQLList(new GraphQLNonNull(type))

/** The arguments of every field that returns many rows. */
export const selectArguments = (types: Types, table: Table): GraphQLFieldConfigArgumentMap => ({
  distinct_on: {
    description: "distinct select on columns",
    type: nonNullList(columnsEnum(types, table))
  },
  limit: { description: "limit the number of rows returned", type: ColumnType.Int.graphql },
  offset: {
    description: "skip the first n rows. Use only with order_by",
    type: ColumnType.Int.graphql
  },
  order_by: {
    description: "sort the rows by one or more columns",
    type: nonNullList(orderBy(types, table))
  },
  where: { description: "filter the rows returned", type: boolExp(types, table) }
})

export const columnsEnum = (types: Types, table: Table): GraphQLEnumType =>
  types.enumeration(
    `${table.name}_select_column`,
    `select columns of table "${table.name}"`,
    columnNames(table.columns)
  )

const columnNames = (columns: ReadonlyArray<Column>): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.map((column) => [column.name, "column name"]))

const direction = (types: Types): GraphQLEnumType =>
  types.enumeration("order_by", "column ordering options", {
    asc: "in ascending order, nulls last",
    asc_nulls_first: "in ascending order, nulls first",
    asc_nulls_last: "in ascending order, nulls last",
    desc: "in descending order, nulls first",
    desc_nulls_first: "in descending order, nulls first",
    desc_nulls_last: "in descending order, nulls last"
  } satisfies Record<OrderDirection, string>)

const orderBy = (types: Types, table: Table): GraphQLInputObjectType =>
  types.input(
    `${table.name}_order_by`,
    `Ordering options when selecting data from "${table.name}".`,
    (): GraphQLInputFieldConfigMap => ({
      ...directions(types, table.columns),
      ...Object.fromEntries(
        table.relationships.flatMap((related) => {
          const other = related.table()
          if (related.kind === "object") return [[related.name, { type: orderBy(types, other) }]]
          return other.aggregations
            ? [[`${related.name}_aggregate`, { type: aggregateOrderBy(types, other) }]]
            : []
        })
      )
    })
  )

const directions = (types: Types, columns: ReadonlyArray<Column>): GraphQLInputFieldConfigMap =>
  Object.fromEntries(columns.map((column) => [column.name, { type: direction(types) }]))

const aggregateOrderBy = (types: Types, table: Table): GraphQLInputObjectType =>
  types.input(
    `${table.name}_aggregate_order_by`,
    `order by aggregate values of table "${table.name}"`,
    (): GraphQLInputFieldConfigMap => ({
      count: { type: direction(types) },
      ...Object.fromEntries(
        aggregateFunctions.flatMap(({ accepts, name }) => {
          const columns = table.columns.filter((column) => accepts(column.type))
          if (columns.length === 0) return []
          const typeName = `${table.name}_${name}_order_by`
          const description = `order by ${name}() on columns of table "${table.name}"`
          return [
            [name, { type: types.input(typeName, description, () => directions(types, columns)) }]
          ]
        })
      )
    })
  )

const boolExp = (types: Types, table: Table): GraphQLInputObjectType =>
  types.input(
    `${table.name}_bool_exp`,
    `Boolean expression to filter rows from the table "${table.name}". All fields are combined with a logical 'AND'.`,
    (): GraphQLInputFieldConfigMap => ({
      _and: { type: nonNullList(boolExp(types, table)) },
      _not: { type: boolExp(types, table) },
      _or: { type: nonNullList(boolExp(types, table)) },
      ...Object.fromEntries(
        table.columns.map((column) => [column.name, { type: comparison(types, column.type) }])
      ),
      ...Object.fromEntries(
        table.relationships.flatMap((related) => {
          const other = related.table()
          return [
            [related.name, { type: boolExp(types, other) }],
            ...(related.kind === "array" && other.aggregations
              ? [[`${related.name}_aggregate`, { type: aggregateBoolExp(types, other) }]]
              : [])
          ]
        })
      )
    })
  )

const aggregateBoolExp = (types: Types, table: Table): GraphQLInputObjectType =>
  types.input(PredicateFunction.typeName(table), undefined, () =>
    Object.fromEntries(
      PredicateFunction.functionsOf(table).map((called) => [
        called.name,
        { type: predicate(types, table, called) }
      ])
    )
  )

const predicate = (
  types: Types,
  table: Table,
  called: PredicateFunction.PredicateFunction
): GraphQLInputObjectType =>
  types.input(PredicateFunction.functionType(table, called), undefined, () => ({
    arguments: { type: predicateArguments(types, table, called) },
    distinct: { type: GraphQLBoolean },
    filter: { type: boolExp(types, table) },
    predicate: { type: new GraphQLNonNull(comparison(types, called.result)) }
  }))

const predicateArguments = (
  types: Types,
  table: Table,
  called: PredicateFunction.PredicateFunction
): GraphQLInputType => {
  if (called.takes === "columns") return nonNullList(columnsEnum(types, table))
  const column = new GraphQLNonNull(
    types.enumeration(
      PredicateFunction.columnsType(table, called),
      `select "${PredicateFunction.functionType(table, called)}_arguments_columns" columns of table "${table.name}"`,
      columnNames(PredicateFunction.columnsOf(table, called))
    )
  )
  if (called.takes === "column") return column
  const names = called.takes
  return new GraphQLNonNull(
    types.input(PredicateFunction.argumentsType(table, called), undefined, () =>
      Object.fromEntries(names.map((name) => [name, { type: column }]))
    )
  )
}

const comparison = (types: Types, type: ColumnType.ColumnType): GraphQLInputObjectType =>
  types.input(
    ColumnType.comparisonName(type),
    `Boolean expression to compare columns of type "${type.name}". ` +
      "All fields are combined with logical 'AND'.",
    (): GraphQLInputFieldConfigMap => ({
      ...(type.operators === "jsonb" ? typed(["_cast"], castExpression(types)) : {}),
      ...typed(["_is_null"], GraphQLBoolean),
      ...typed(["_eq", "_neq"], type.graphql),
      ...typed(["_in", "_nin"], nonNullList(type.graphql)),
      ...(type.operators === "equality" ? {} : typed(["_gt", "_lt", "_gte", "_lte"], type.graphql)),
      ...Object.fromEntries(
        [...operatorsOf(type)].map(([name, { description, isList, type: argument }]) => [
          name,
          { description, type: isList ? nonNullList(argument.graphql) : argument.graphql }
        ])
      )
    })
  )

const typed = (names: ReadonlyArray<string>, type: GraphQLInputType): GraphQLInputFieldConfigMap =>
  Object.fromEntries(names.map((name) => [name, { type }]))

const castExpression = (types: Types): GraphQLInputObjectType =>
  types.input("jsonb_cast_exp", undefined, () => ({
    String: { type: comparison(types, ColumnType.String) }
  }))
