import type { Expression, RawBuilder, SqlBool } from "kysely"
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql
} from "kysely"
import type { JsonStatement } from "../../database/DatabaseConnection.js"
import type { OrderTarget } from "../select/OrderBy.js"
import { orderDirections } from "../select/OrderBy.js"
import type {
  Aggregate,
  AggregateNumber,
  AggregatePart,
  Plan,
  Select,
  Selected,
  Typename
} from "../select/Plan.js"
import type { SelectArguments } from "../select/SelectArguments.js"
import type { Table } from "../Table.js"
import type { ColumnType } from "../values/ColumnType.js"
import { everything } from "../where/BooleanExpression.js"
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

/** Kysely is used only to compile statements. It never opens a connection. */
const builder = new Kysely<Record<string, Record<string, unknown>>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler()
  }
})

export interface SqlOptions {
  /** Writes bigint, numeric and double precision as JSON strings, as Hasura does if configured. */
  readonly stringifyNumericTypes: boolean
  /** The role's limit of rows of a table. Further rows are left out without an error. */
  readonly rowLimit: number | undefined
  /**
   * The sandbox's time, in milliseconds since the epoch. Rows that are published later are not
   * visible.
   */
  readonly now: number
  /** The buildings whose rows are visible. `undefined` means all. */
  readonly buildings: ReadonlyArray<number> | undefined
}

/**
 * The statement for one root field. PostgreSQL itself writes the JSON with the names of the
 * response, so every number and time has PostgreSQL's own form. Every value is a parameter.
 */
export const statement = (plan: Plan, options: SqlOptions): JsonStatement => {
  const { parameters, sql: text } = statementOf(plan, options).compile(builder)
  return { sql: text, parameters, form: plan._tag === "Rows" ? "list" : "value" }
}

const statementOf = (plan: Plan, options: SqlOptions): RawBuilder<unknown> => {
  const { buildings, now } = options
  const root = (table: Table): Source => ({ table, depth: 0, now, buildings })
  switch (plan._tag) {
    case "Rows":
      return asText(rowsOf(plan.select, root(plan.select.table), [], options))
    case "Row": {
      const { args, selection, table } = plan.select
      return asText(rowOf(selection, root(table), args, [], options))
    }
    case "Aggregate":
      return sql`select cast(${aggregate(plan.aggregate, root(plan.aggregate.table), [], options)} as text)`
  }
}

type Conditions = ReadonlyArray<Expression<SqlBool>>

/** A member of a JSON object. `name` is its name in the response. */
interface Member {
  readonly name: string
  readonly value: Expression<unknown>
}

/** Rows that become JSON objects. The columns of the rows are the members of the objects. */
interface Objects {
  /** The expression for one row as an object. It can be used where the rows are in scope. */
  readonly object: RawBuilder<unknown>
  readonly rows: RawBuilder<unknown>
}

/**
 * The alias of the row. No member can have this name, because a GraphQL name has no `$`. If a
 * column had the name of the row, PostgreSQL would mistake the column for the row.
 */
const rowAlias = "$row"

const asText = ({ object, rows }: Objects): RawBuilder<unknown> =>
  sql`select cast(${object} as text) from (${rows}) as ${sql.ref(rowAlias)}`

/** The longest name of a column. PostgreSQL truncates longer names. */
const longestName = 63

/**
 * Like Hasura, uses `row_to_json`, or the slower `json_build_object` if a name is too long for a
 * column.
 */
const objects = (
  members: ReadonlyArray<Member>,
  from: (columns: RawBuilder<unknown>) => RawBuilder<unknown>
): Objects => {
  if (members.every(({ name }) => name.length <= longestName)) {
    const columns = members.map(({ name, value }) => sql`${value} as ${sql.ref(name)}`)
    return {
      object: sql`row_to_json(${sql.ref(rowAlias)})`,
      rows: from(sql.join(columns))
    }
  }
  const numbered = members.map((member, index) => ({ ...member, column: `c${index}` }))
  const columns = numbered.map(({ column, value }) => sql`${value} as ${sql.ref(column)}`)
  return {
    object: built(
      numbered.map(({ column, name }) => ({ name, value: sql.ref(`${rowAlias}.${column}`) }))
    ),
    rows: from(sql.join(columns))
  }
}

/**
 * `json_build_object` has two arguments for each member, and a function of PostgreSQL accepts at
 * most 100 arguments. The texts of several objects are therefore joined to a larger object.
 */
const membersAtOnce = 50

const built = (members: ReadonlyArray<Member>): RawBuilder<unknown> => {
  const parts = chunked(members).map(
    (part) =>
      sql`json_build_object(${sql.join(part.flatMap(({ name, value }) => [sql.lit(name), value]))})`
  )
  const [first = sql`json_build_object()`, ...others] = parts
  if (others.length === 0) return first
  const inner = parts.map((part) => sql`left(substr(cast(${part} as text), 2), -1)`)
  return sql`cast('{' || ${sql.join(inner, sql` || ', ' || `)} || '}' as json)`
}

const chunked = (members: ReadonlyArray<Member>): ReadonlyArray<ReadonlyArray<Member>> =>
  Array.from({ length: Math.ceil(members.length / membersAtOnce) }, (_, index) =>
    members.slice(index * membersAtOnce, (index + 1) * membersAtOnce)
  )

const typename = ({ responseKey, typeName }: Typename): Member => ({
  name: responseKey,
  value: sql`cast(${sql.lit(typeName)} as text)`
})

const rowsOf = (
  { args, selection }: Select,
  source: Source,
  conditions: Conditions,
  options: SqlOptions
): Objects =>
  objects(membersOf(selection, source, options), (columns) =>
    chosen(columns, source, { ...args, limit: withinRole(args.limit, options) }, conditions)
  )

const single = ({ object, rows }: Objects): RawBuilder<unknown> =>
  sql`(select ${object} from (${rows}) as ${sql.ref(rowAlias)})`

const list = ({ object, rows }: Objects): RawBuilder<unknown> =>
  sql`(select coalesce(json_agg(${object}), '[]') from (${rows}) as ${sql.ref(rowAlias)})`

const rowOf = (
  selection: ReadonlyArray<Selected>,
  source: Source,
  args: Pick<SelectArguments, "where">,
  conditions: Conditions,
  options: SqlOptions
): Objects =>
  objects(
    membersOf(selection, source, options),
    (columns) => sql`
    select ${columns} from ${from(source)}
    where ${all([...conditions, visible(source, args.where)])} limit 1`
  )

const membersOf = (
  selection: ReadonlyArray<Selected>,
  source: Source,
  options: SqlOptions
): ReadonlyArray<Member> =>
  selection.map((selected) =>
    selected._tag === "Typename"
      ? typename(selected)
      : { name: selected.responseKey, value: selectedValue(selected, source, options) }
  )

/** Applies the role's limit if the given limit is greater or missing. */
const withinRole = (limit: string | undefined, { rowLimit }: SqlOptions): string | undefined => {
  if (rowLimit === undefined) return limit
  return limit === undefined || Number(limit) > rowLimit ? String(rowLimit) : limit
}

/** Builds `select ... from ... where ... order by ... limit ...`. */
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
    where ${all([joined(source, relationship, other), visible(other, everything)])})`
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
  selected: Exclude<Selected, Typename>,
  source: Source,
  options: SqlOptions
): Expression<unknown> => {
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
      return single(rowOf(selected.selection, other, { where: everything }, conditions, options))
    case "RelatedRows":
      return list(rowsOf(selected.select, other, conditions, options))
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

/**
 * The expression for aggregates and `nodes`. Aggregates cover all rows that the arguments select.
 * The role's row limit applies only to `nodes`.
 */
const aggregate = (
  { args, parts, table }: Aggregate,
  source: Source,
  conditions: Conditions,
  options: SqlOptions
): RawBuilder<unknown> => {
  const value = (part: Exclude<AggregatePart, Typename>): RawBuilder<unknown> => {
    switch (part._tag) {
      case "Nodes":
        return list(rowsOf({ table, args, selection: part.selection }, source, conditions, options))
      case "Numbers":
        // With `having` there is one row, even if only `__typename` is selected.
        return sql`(select ${built(numbers(part, source, options))} from (
          ${chosen(sql`${sql.ref(alias(source))}.*`, source, args, conditions)}
        ) as ${sql.ref(alias(source))} having true)`
    }
  }
  return built(
    parts.map((part) =>
      part._tag === "Typename" ? typename(part) : { name: part.responseKey, value: value(part) }
    )
  )
}

const numbers = (
  part: Extract<AggregatePart, { readonly _tag: "Numbers" }>,
  source: Source,
  options: SqlOptions
): ReadonlyArray<Member> =>
  part.numbers.map((number) => ({
    name: number.responseKey,
    value: numberValue(number, source, options)
  }))

const numberValue = (
  number: AggregateNumber,
  source: Source,
  options: SqlOptions
): Expression<unknown> => {
  switch (number._tag) {
    case "Typename":
      return typename(number).value
    case "Count":
      return count(source, number.count)
    case "Function":
      return built(
        number.columns.map((each) => {
          if (each._tag === "Typename") return typename(each)
          const { column, responseKey } = each
          const value = sql`${sql.raw(number.name)}(${columnOf(source, column.name)})`
          return { name: responseKey, value: written(value, column.type, options) }
        })
      )
  }
}
