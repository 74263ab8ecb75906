import type { Expression, SqlBool } from "kysely"
import { sql } from "kysely"
import type { BuildingOf, Column, Relationship, Table } from "../Table.js"
import type { ColumnType } from "../values/ColumnType.js"
import * as ColumnTypes from "../values/ColumnType.js"
import type { BooleanExpression, Comparison, CountOf } from "../where/BooleanExpression.js"

/** The rows of a table under an alias. The alias contains the depth of nesting, such as `t1`. */
export interface Source {
  readonly table: Table
  readonly depth: number
  /**
   * The sandbox's time, in milliseconds since the epoch. Rows that are published later are not
   * visible.
   */
  readonly now: number
  /** The buildings whose rows are visible. `undefined` means all. */
  readonly buildings: ReadonlyArray<number> | undefined
}

export const related = (source: Source, relationship: Relationship): Source => ({
  ...source,
  table: relationship.table(),
  depth: source.depth + 1
})

export const alias = ({ depth }: Source): string => `t${depth}`

export const columnOf = (source: Source, name: string): Expression<unknown> =>
  sql.ref(`${alias(source)}.${name}`)

/** The SQL `<table> as <alias>`, to use after `from`. */
export const from = (source: Source) => {
  const { name, schema } = source.table.relation
  return sql`${sql.table(`${schema}.${name}`)} as ${sql.ref(alias(source))}`
}

/** The join condition of a related row. */
export const joined = (
  source: Source,
  relationship: Relationship,
  other: Source
): Expression<SqlBool> =>
  sql<SqlBool>`${columnOf(other, relationship.columns.there)} = ${columnOf(source, relationship.columns.here)}`

/**
 * A value that is sent as text and cast by PostgreSQL. A malformed value therefore gives
 * PostgreSQL's own error.
 */
export const castTo = (value: string | null, type: string) =>
  sql<number>`cast(cast(${value} as text) as ${sql.raw(type)})`

export const textArray = (json: string) =>
  sql`array(select jsonb_array_elements_text(cast(cast(${json} as text) as jsonb)))`

/** The condition for rows that are published, permitted, and match a filter. */
export const visible = (source: Source, where: BooleanExpression): Expression<SqlBool> => {
  const { buildingOf } = source.table
  return source.buildings === undefined || buildingOf === undefined
    ? published(source, where)
    : all([
        inBuildings(columnOf(source, buildingOf.column), buildingOf, source.buildings),
        published(source, where)
      ])
}

const inBuildings = (
  column: Expression<unknown>,
  { in: other }: BuildingOf,
  buildings: ReadonlyArray<number>
): Expression<SqlBool> => {
  if (other === undefined) {
    const ids = sql`cast(cast(${`{${buildings.join(",")}}`} as text) as integer[])`
    return sql<SqlBool>`${column} = any (${ids})`
  }
  const { buildingOf, key, relation } = other
  return sql<SqlBool>`${column} in (
    select ${sql.ref(key)} from ${sql.table(`${relation.schema}.${relation.name}`)}
    where ${inBuildings(sql.ref(buildingOf.column), buildingOf, buildings)}
  )`
}

const published = (source: Source, where: BooleanExpression): Expression<SqlBool> => {
  const { periodStart } = source.table
  if (periodStart === undefined) return condition(source, where)
  const isPublished = sql<SqlBool>`${columnOf(source, "published_at")} <= to_timestamp(${source.now / 1000}::float8)`
  return all([condition(source, where), isPublished, ...impliedDays(source, periodStart, where)])
}

/**
 * Conditions on days that follow from the conditions on periods. A period starts within its day, so
 * a condition on the start of periods excludes whole days. PostgreSQL can then exclude a day before
 * it unpacks the day into periods.
 */
const impliedDays = (
  source: Source,
  periodStart: string,
  where: BooleanExpression
): ReadonlyArray<Expression<SqlBool>> => {
  if (where._tag === "And") {
    return where.all.flatMap((part) => impliedDays(source, periodStart, part))
  }
  if (where._tag !== "Comparison" || where.column.name !== periodStart) return []
  const { comparison } = where
  if (comparison._tag !== "Value" || comparison.operator === "_neq") return []
  const day = columnOf(source, "day_start")
  const value = castTo(comparison.value, "timestamptz")
  const notAfter = sql<SqlBool>`${day} <= ${value}`
  const notLongBefore = sql<SqlBool>`${day} > ${value} - interval '26 hours'`
  switch (comparison.operator) {
    case "_eq":
      return [notAfter, notLongBefore]
    case "_lt":
    case "_lte":
      return [notAfter]
    case "_gt":
    case "_gte":
      return [notLongBefore]
  }
}

const condition = (source: Source, expression: BooleanExpression): Expression<SqlBool> => {
  switch (expression._tag) {
    case "And":
      return all(expression.all.map((part) => condition(source, part)))
    case "Or":
      return expression.any.length === 0
        ? sql<SqlBool>`false`
        : sql<SqlBool>`(${sql.join(
            expression.any.map((part) => condition(source, part)),
            sql` or `
          )})`
    case "Not":
      return sql<SqlBool>`not (${condition(source, expression.expression)})`
    case "Comparison":
      return comparison(
        columnOf(source, expression.column.name),
        expression.column.type,
        expression.comparison
      )
    case "Exists": {
      const other = related(source, expression.relationship)
      return sql<SqlBool>`exists (select 1 from ${from(other)} where ${all([
        joined(source, expression.relationship, other),
        visible(other, expression.expression)
      ])})`
    }
    case "Aggregate": {
      const other = related(source, expression.relationship)
      const given = expression.columns.map((column) => columnOf(other, column.name))
      const result = sql`(select ${sql.raw(expression.function)}(${
        given.length === 0 ? sql`*` : sql.join(given)
      }) from ${from(other)} where ${all([
        joined(source, expression.relationship, other),
        visible(other, expression.filter)
      ])})`
      const matches = expression.comparisons.map((part) =>
        comparison(result, expression.result, part)
      )
      // A null result, such as the sum of no rows, means no match. Without `coalesce`, the
      // condition would be null, and its negation too.
      return sql<SqlBool>`coalesce(${all(matches)}, false)`
    }
  }
}

/** `count(...)` of rows, of non-null columns, or of distinct values. */
export const count = (source: Source, { columns, distinct }: CountOf): Expression<unknown> => {
  if (columns.length === 0) return sql`count(*)`
  const references = columns.map((column: Column) => columnOf(source, column.name))
  const values = references.length === 1 ? references : [sql`(${sql.join(references)})`]
  return sql`count(${sql.raw(distinct ? "distinct " : "")}${sql.join(values)})`
}

export const all = (parts: ReadonlyArray<Expression<SqlBool>>): Expression<SqlBool> =>
  parts.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.join(parts, sql` and `)})`

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
        type.sql
      )})`
    case "Operator":
      return sql<SqlBool>`${left} ${sql.raw(operation.operator.sql)} ${operand(operation)}`
    case "AsText":
      return all(
        operation.comparisons.map((inner) =>
          comparison(sql`cast(${left} as text)`, ColumnTypes.String, inner)
        )
      )
  }
}

/**
 * A list of values in SQL. A list of any length is one parameter, because PostgreSQL limits the
 * number of parameters but not their size.
 */
const castList = (values: ReadonlyArray<string>, type: string) => {
  const list = sql`cast(cast(${JSON.stringify(values)} as text) as jsonb)`
  return sql`select cast(element as ${sql.raw(type)}) from jsonb_array_elements_text(${list}) as element`
}

const operand = ({ operator, value }: Extract<Comparison, { readonly _tag: "Operator" }>) =>
  typeof value === "string" || value === null
    ? castTo(value, operator.castTo)
    : sql`array(${castList(value, operator.castTo)})`

const valueOperators = {
  _eq: "=",
  _neq: "<>",
  _gt: ">",
  _lt: "<",
  _gte: ">=",
  _lte: "<="
} as const
