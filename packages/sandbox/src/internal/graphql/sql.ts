import type { CompiledQuery, Expression, SqlBool } from "kysely"
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql
} from "kysely"
import type { BooleanExpression, Comparison } from "./BooleanExpression.js"
import type { ColumnType, JsonOperator, TextOperator } from "./ColumnType.js"
import * as ColumnTypes from "./ColumnType.js"
import type { SelectedColumn, TablePlan } from "./compile.js"
import { orderDirections } from "./SelectArguments.js"

/** Kysely as a pure builder: it compiles, and never holds a connection. */
const builder = new Kysely<Record<string, Record<string, unknown>>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler()
  }
})

export interface SqlOptions {
  /** Writes bigint, numeric and double precision as JSON strings, as Hasura does when told to. */
  readonly stringifyNumericTypes: boolean
}

/**
 * The statement for one root field. It gives one row with one text column `rows`: the JSON array, written by PostgreSQL
 * itself as in Hasura, so that times, numbers and jsonb have the form that Hasura gives them. Every value is a parameter.
 */
export const statement = (plan: TablePlan, options: SqlOptions): CompiledQuery => {
  const { schema, name } = plan.table.relation
  const { args } = plan
  let query = builder
    .selectFrom(sql<Record<string, unknown>>`${sql.table(`${schema}.${name}`)}`.as("source"))
    .select(
      plan.columns.map((selected, index) =>
        sql`${selectedValue(selected, options)}`.as(columnAlias(index))
      )
    )
    .where(condition(args.where))
  if (args.distinctOn.length > 0) {
    query = query.distinctOn(
      args.distinctOn.map((column) => sql`${sql.ref(`source.${column.name}`)}`)
    )
  }
  for (const { column, direction } of args.orderBy) {
    query = query.orderBy(
      sql`${sql.ref(`source.${column.name}`)} ${sql.raw(orderDirections[direction])}`
    )
  }
  if (args.limit !== undefined) query = query.limit(castTo(args.limit, "bigint"))
  if (args.offset !== undefined) query = query.offset(castTo(args.offset, "bigint"))
  return builder
    .selectFrom(query.as("row"))
    .select(sql<string>`coalesce(json_agg(row_to_json("row")), '[]')::text`.as("rows"))
    .compile()
}

/** The names of the answer may be longer than PostgreSQL's 63 bytes, so columns are numbered. */
export const columnAlias = (index: number): string => `c${index}`

const selectedValue = (
  { column, jsonPath }: SelectedColumn,
  options: SqlOptions
): Expression<unknown> => {
  const reference = sql.ref(`source.${column.name}`)
  if (jsonPath !== undefined) {
    return sql`${reference} #> ${textArray(JSON.stringify(jsonPath))}`
  }
  return options.stringifyNumericTypes && column.type.wideNumber
    ? sql`cast(${reference} as text)`
    : reference
}

/** A value goes out as text and is cast by PostgreSQL, so a malformed one is PostgreSQL's own error. */
const castTo = (value: string, type: string) =>
  sql<number>`cast(cast(${value} as text) as ${sql.raw(type)})`

const textArray = (json: string) =>
  sql`array(select jsonb_array_elements_text(cast(cast(${json} as text) as jsonb)))`

const condition = (expression: BooleanExpression): Expression<SqlBool> => {
  switch (expression._tag) {
    case "And":
      return joined(expression.all.map(condition), "and", "true")
    case "Or":
      return joined(expression.any.map(condition), "or", "false")
    case "Not":
      return sql<SqlBool>`not (${condition(expression.expression)})`
    case "Comparison":
      return comparison(
        sql.ref(`source.${expression.column.name}`),
        expression.column.type,
        expression.comparison
      )
  }
}

const joined = (
  parts: ReadonlyArray<Expression<SqlBool>>,
  operator: "and" | "or",
  empty: "true" | "false"
): Expression<SqlBool> =>
  parts.length === 0
    ? sql<SqlBool>`${sql.raw(empty)}`
    : sql<SqlBool>`(${sql.join(parts, sql.raw(` ${operator} `))})`

const comparison = (
  left: Expression<unknown>,
  type: ColumnType,
  operation: Comparison
): Expression<SqlBool> => {
  switch (operation._tag) {
    case "IsNull":
      return sql<SqlBool>`${left} is ${sql.raw(operation.isNull ? "null" : "not null")}`
    case "Value":
      return sql<SqlBool>`${left} ${sql.raw(valueOperators[operation.operator])} ${castTo(operation.value, type.sql)}`
    case "Values":
      return sql<SqlBool>`${left} ${sql.raw(operation.operator === "_in" ? "= any" : "<> all")} (${castList(
        operation.values,
        type
      )})`
    case "Text":
      return sql<SqlBool>`${left} ${sql.raw(textOperators[operation.operator])} ${castTo(operation.pattern, "text")}`
    case "Json":
      return sql<SqlBool>`${left} ${sql.raw(jsonOperators[operation.operator])} ${jsonOperand(
        operation.operator,
        operation.value
      )}`
    case "AsText":
      return joined(
        operation.comparisons.map((inner) =>
          comparison(sql`cast(${left} as text)`, ColumnTypes.String, inner)
        ),
        "and",
        "true"
      )
  }
}

/** A list is one parameter, whatever its length: PostgreSQL limits the number of parameters, not their size. */
const castList = (values: ReadonlyArray<string>, type: ColumnType) => {
  const list = sql`cast(cast(${JSON.stringify(values)} as text) as jsonb)`
  return sql`select cast(element as ${sql.raw(type.sql)}) from jsonb_array_elements_text(${list}) as element`
}

const jsonOperand = (operator: JsonOperator, value: string) => {
  switch (operator) {
    case "_contains":
    case "_contained_in":
      return castTo(value, "jsonb")
    case "_has_key":
      return castTo(value, "text")
    case "_has_keys_any":
    case "_has_keys_all":
      return textArray(value)
  }
}

const valueOperators = {
  _eq: "=",
  _neq: "<>",
  _gt: ">",
  _lt: "<",
  _gte: ">=",
  _lte: "<="
} as const

const textOperators: Readonly<Record<TextOperator, string>> = {
  _like: "like",
  _nlike: "not like",
  _ilike: "ilike",
  _nilike: "not ilike",
  _similar: "similar to",
  _nsimilar: "not similar to",
  _regex: "~",
  _nregex: "!~",
  _iregex: "~*",
  _niregex: "!~*"
}

const jsonOperators: Readonly<Record<JsonOperator, string>> = {
  _contains: "@>",
  _contained_in: "<@",
  _has_key: "?",
  _has_keys_any: "?|",
  _has_keys_all: "?&"
}
