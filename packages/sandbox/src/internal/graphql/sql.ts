import type { CompiledQuery, Expression, RawBuilder, SqlBool } from "kysely"
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql
} from "kysely"
import type { ColumnType } from "./ColumnType.js"
import type { Source } from "./condition.js"
import {
  alias,
  all,
  castTo,
  columnOf,
  count,
  from,
  joined,
  related,
  textArray,
  visible
} from "./condition.js"
import type { OrderTarget } from "./OrderBy.js"
import { orderDirections } from "./OrderBy.js"
import type { Aggregate, AggregatePart, Plan, Select, Selected } from "./Plan.js"
import type { SelectArguments } from "./SelectArguments.js"
import type { Table } from "./Table.js"

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
  /** The most rows that the role gets of a table at once; more are cut without a word. */
  readonly rowLimit: number | undefined
  /** Milliseconds since the epoch; what is published later is not visible. */
  readonly now: number
  /** The buildings whose rows are visible; without them, all are. */
  readonly buildings: ReadonlyArray<number> | undefined
}

/**
 * The statement for one root field. It gives one row with one text column `value`: JSON, written by PostgreSQL itself as in
 * Hasura, so that times, numbers and jsonb have the form that Hasura gives them. Every value is a parameter.
 */
export const statement = (plan: Plan, options: SqlOptions): CompiledQuery => {
  const value = valueOf(plan, options)
  return sql`select (${value})::text as "value"`.compile(builder)
}

const valueOf = (plan: Plan, options: SqlOptions): Expression<unknown> => {
  const { buildings, now } = options
  const root = (table: Table): Source => ({ table, depth: 0, now, buildings })
  switch (plan._tag) {
    case "Rows":
      return rows(plan.select, root(plan.select.table), [], options)
    case "Row":
      return row(plan.select.selection, root(plan.select.table), plan.select.args, [], options)
    case "Aggregate":
      return aggregate(plan.aggregate, root(plan.aggregate.table), [], options)
  }
}

type Conditions = ReadonlyArray<Expression<SqlBool>>

/** The names of the answer may be longer than PostgreSQL's 63 bytes, so columns are numbered. */
export const columnAlias = (index: number): string => `c${index}`

const named = (values: ReadonlyArray<Expression<unknown>>) =>
  sql.join(values.map((value, index) => sql`${value} as ${sql.ref(columnAlias(index))}`))

const rows = (
  { args, selection }: Select,
  source: Source,
  conditions: Conditions,
  options: SqlOptions
): RawBuilder<unknown> => {
  const fields = selection.map((selected) => selectedValue(selected, source, options))
  return sql`(select coalesce(json_agg(row_to_json("row")), '[]') from (
    ${chosen(named(fields), source, { ...args, limit: withinRole(args.limit, options) }, conditions)}
  ) as "row")`
}

const row = (
  selection: ReadonlyArray<Selected>,
  source: Source,
  args: Pick<SelectArguments, "where">,
  conditions: Conditions,
  options: SqlOptions
): RawBuilder<unknown> => {
  const fields = selection.map((selected) => selectedValue(selected, source, options))
  return sql`(select row_to_json("row") from (
    select ${named(fields)} from ${from(source)}
    where ${all([...conditions, visible(source, args.where)])} limit 1
  ) as "row")`
}

/** The role's limit takes the place of a greater one, and of none. */
const withinRole = (limit: string | undefined, { rowLimit }: SqlOptions): string | undefined => {
  if (rowLimit === undefined) return limit
  return limit === undefined || Number(limit) > rowLimit ? String(rowLimit) : limit
}

/** `select ... from ... where ... order by ... limit ...` */
const chosen = (
  fields: RawBuilder<unknown>,
  source: Source,
  args: SelectArguments,
  conditions: Conditions
): RawBuilder<unknown> => {
  const distinct = args.distinctOn.map((column) => columnOf(source, column.name))
  const order = args.orderBy.map(
    ({ direction, target }) =>
      sql`${orderValue(target, source)} ${sql.raw(orderDirections[direction])}`
  )
  return sql`select ${distinct.length === 0 ? nothing : sql`distinct on (${sql.join(distinct)})`} ${fields}
    from ${from(source)} where ${all([...conditions, visible(source, args.where)])}
    ${order.length === 0 ? nothing : sql`order by ${sql.join(order)}`}
    ${args.limit === undefined ? nothing : sql`limit ${castTo(args.limit, "bigint")}`}
    ${args.offset === undefined ? nothing : sql`offset ${castTo(args.offset, "bigint")}`}`
}

const nothing = sql``

const orderValue = (target: OrderTarget, source: Source): Expression<unknown> => {
  if (target._tag === "Column") return columnOf(source, target.column.name)
  const { relationship } = target
  const other = related(source, relationship)
  return sql`(select ${orderValueOf(target, other)} from ${from(other)}
    where ${all([joined(source, relationship, other), visible(other, { _tag: "And", all: [] })])})`
}

const orderValueOf = (
  target: Exclude<OrderTarget, { readonly _tag: "Column" }>,
  other: Source
): Expression<unknown> => {
  switch (target._tag) {
    case "Related":
      return orderValue(target.target, other)
    case "Count":
      return sql`count(*)`
    case "Aggregate":
      return sql`${sql.raw(target.function)}(${columnOf(other, target.column.name)})`
  }
}

const selectedValue = (
  selected: Selected,
  source: Source,
  options: SqlOptions
): Expression<unknown> => {
  if (selected._tag === "Typename") return sql`null`
  if (selected._tag === "Column") {
    const { column, jsonPath } = selected
    const reference = columnOf(source, column.name)
    return jsonPath === undefined
      ? written(reference, column.type, options)
      : sql`${reference} #> ${textArray(JSON.stringify(jsonPath))}`
  }
  const { relationship } = selected
  const other = related(source, relationship)
  const conditions = [joined(source, relationship, other)]
  switch (selected._tag) {
    case "Related":
      return row(
        selected.selection,
        other,
        { where: { _tag: "And", all: [] } },
        conditions,
        options
      )
    case "RelatedRows":
      return rows(selected.select, other, conditions, options)
    case "RelatedAggregate":
      return aggregate(selected.aggregate, other, conditions, options)
  }
}

const written = (
  value: Expression<unknown>,
  type: ColumnType,
  { stringifyNumericTypes }: SqlOptions
): Expression<unknown> =>
  stringifyNumericTypes && type.wideNumber ? sql`cast(${value} as text)` : value

/** Numbers are about the rows that the arguments leave, whatever the role's row limit; that one holds for `nodes`. */
const aggregate = (
  { args, parts, table }: Aggregate,
  source: Source,
  conditions: Conditions,
  options: SqlOptions
): RawBuilder<unknown> => {
  const value = (part: AggregatePart): Expression<unknown> => {
    switch (part._tag) {
      case "Typename":
        return sql`null`
      case "Nodes":
        return rows({ table, args, selection: part.selection }, source, conditions, options)
      case "Numbers":
        return sql`(select row_to_json("row") from (select ${named(
          numbers(part, source, options)
        )} from (${chosen(sql`${sql.ref(alias(source))}.*`, source, args, conditions)}) as ${sql.ref(
          alias(source)
        )}) as "row")`
    }
  }
  return sql`(select row_to_json("row") from (select ${named(parts.map(value))}) as "row")`
}

const numbers = (
  part: Extract<AggregatePart, { readonly _tag: "Numbers" }>,
  source: Source,
  options: SqlOptions
): ReadonlyArray<Expression<unknown>> => [
  // A selection of `__typename` alone has one row, too.
  ...part.numbers.flatMap((number) => {
    if (number._tag === "Typename") return []
    if (number._tag === "Count") return [count(source, number.count)]
    return number.columns.flatMap((column) =>
      column._tag === "Typename"
        ? []
        : [
            written(
              sql`${sql.raw(number.name)}(${columnOf(source, column.column.name)})`,
              column.column.type,
              options
            )
          ]
    )
  }),
  sql`count(*)`
]
