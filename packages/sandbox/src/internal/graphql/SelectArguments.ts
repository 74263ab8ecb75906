import { Kind } from "graphql"
import type { BooleanExpression } from "./BooleanExpression.js"
import { validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe, elements, fields, isNull } from "./InputValue.js"
import { parseWhere } from "./parseWhere.js"
import type { Column, Table } from "./Table.js"

export const orderDirections = {
  asc: "asc nulls last",
  asc_nulls_first: "asc nulls first",
  asc_nulls_last: "asc nulls last",
  desc: "desc nulls first",
  desc_nulls_first: "desc nulls first",
  desc_nulls_last: "desc nulls last"
} as const

export type OrderDirection = keyof typeof orderDirections

export interface OrderBy {
  readonly column: Column
  readonly direction: OrderDirection
}

/** The arguments of a table's root field, checked. */
export interface SelectArguments {
  readonly where: BooleanExpression
  readonly orderBy: ReadonlyArray<OrderBy>
  readonly distinctOn: ReadonlyArray<Column>
  readonly limit: string | undefined
  readonly offset: string | undefined
}

const names = ["distinct_on", "limit", "offset", "order_by", "where"] as const

/** Reads the arguments of a table's root field, or throws the `HasuraError` that Hasura would answer with. */
export const parse = (
  table: Table,
  args: ReadonlyMap<string, InputValue>,
  variables: Variables,
  path: string
): SelectArguments => {
  for (const name of args.keys()) {
    if (!names.some((known) => known === name)) {
      throw validationFailed(`'${table.name}' has no argument named '${name}'`, path)
    }
  }
  const at = (name: (typeof names)[number]) => `${path}.args.${name}`
  const where = parseWhere(table, args.get("where"), variables, at("where"))
  const orderBy = parseOrderBy(table, args.get("order_by"), variables, at("order_by"))
  const limit = parseLimit(args.get("limit"), variables, at("limit"))
  const offset = parseOffset(args.get("offset"), variables, at("offset"))
  const distinctOn = parseDistinctOn(table, args.get("distinct_on"), variables, at("distinct_on"))
  checkDistinctOn(distinctOn, orderBy, `${path}.args`)
  return { where, orderBy, distinctOn, limit, offset }
}

const open = (
  input: InputValue | undefined,
  type: string,
  variables: Variables,
  path: string
): InputValue | undefined => {
  if (input === undefined) return undefined
  const value = variables.peel(input, type, path)
  return isNull(value) ? undefined : value
}

const parseOrderBy = (
  table: Table,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): ReadonlyArray<OrderBy> => {
  const typeName = `${table.name}_order_by`
  const value = open(input, `[${typeName}!]`, variables, path)
  if (value === undefined) return []
  const list = elements(value)
  return list === undefined
    ? parseOrderObject(table, value, variables, path)
    : list.flatMap((element, index) =>
        parseOrderObject(table, element, variables, `${path}[${index}]`)
      )
}

/** The order of keys in one object is lost in Hasura, which walks them in the order of its schema. */
const parseOrderObject = (
  table: Table,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<OrderBy> => {
  const typeName = `${table.name}_order_by`
  const value = variables.peel(input, `${typeName}!`, path)
  const object = fields(value)
  if (object === undefined) {
    throw validationFailed(
      `expected an object for type '${typeName}', but found ${describe(value)}`,
      path
    )
  }
  const known = new Set(table.columns.map((column) => column.name))
  for (const name of object.keys()) {
    if (!known.has(name)) {
      throw validationFailed(`field '${name}' not found in type: '${typeName}'`, `${path}.${name}`)
    }
  }
  return table.columns.flatMap((column) => {
    const direction = parseDirection(object.get(column.name), variables, `${path}.${column.name}`)
    return direction === undefined ? [] : [{ column, direction }]
  })
}

const isDirection = (name: string): name is OrderDirection => Object.hasOwn(orderDirections, name)

const parseDirection = (
  input: InputValue | undefined,
  variables: Variables,
  path: string
): OrderDirection | undefined => {
  const value = open(input, "order_by", variables, path)
  if (value === undefined) return undefined
  const name = enumName(value, "order_by", path)
  if (isDirection(name)) return name
  throw unknownEnumValue(name, "order_by", Object.keys(orderDirections), path)
}

const enumName = (value: InputValue, type: string, path: string): string => {
  if (value._tag === "Json" && typeof value.value === "string") return value.value
  if (value._tag === "Literal" && value.node.kind === Kind.ENUM) return value.node.value
  throw validationFailed(
    `expected an enum value for type '${type}', but found ${describe(value)}`,
    path
  )
}

const unknownEnumValue = (
  found: string,
  type: string,
  known: ReadonlyArray<string>,
  path: string
) => {
  const list = known.map((name) => `'${name}'`).join(", ")
  return validationFailed(
    `expected one of the values [${list}] for type '${type}', but found '${found}'`,
    path
  )
}

const parseDistinctOn = (
  table: Table,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): ReadonlyArray<Column> => {
  const typeName = `${table.name}_select_column`
  const value = open(input, `[${typeName}!]`, variables, path)
  if (value === undefined) return []
  const parseColumn = (element: InputValue, at: string): Column => {
    const name = enumName(variables.peel(element, `${typeName}!`, at), typeName, at)
    const column = table.columns.find((candidate) => candidate.name === name)
    if (column !== undefined) return column
    throw unknownEnumValue(
      name,
      typeName,
      table.columns.map((candidate) => candidate.name),
      at
    )
  }
  const list = elements(value)
  return list === undefined
    ? [parseColumn(value, path)]
    : list.map((element, index) => parseColumn(element, `${path}[${index}]`))
}

const checkDistinctOn = (
  distinctOn: ReadonlyArray<Column>,
  orderBy: ReadonlyArray<OrderBy>,
  path: string
): void => {
  if (distinctOn.length === 0 || orderBy.length === 0) return
  const initial = new Set(orderBy.slice(0, distinctOn.length).map((order) => order.column.name))
  if (distinctOn.some((column) => !initial.has(column.name))) {
    throw validationFailed(`"distinct_on" columns must match initial "order_by" columns`, path)
  }
}

const parseLimit = (
  input: InputValue | undefined,
  variables: Variables,
  path: string
): string | undefined => {
  const value = open(input, "Int", variables, path)
  if (value === undefined) return undefined
  const plain = variables.toJson(value)
  if (typeof plain === "number" && Number.isInteger(plain) && plain >= 0 && plain < 2 ** 31) {
    return String(plain)
  }
  throw validationFailed(
    `expected a non-negative 32-bit integer for type 'Int', but found ${describe(value)}`,
    path
  )
}

/** `offset` is a 64-bit number, also as a string of digits. A negative one fails in PostgreSQL, as it does in Hasura. */
const parseOffset = (
  input: InputValue | undefined,
  variables: Variables,
  path: string
): string | undefined => {
  const value = open(input, "Int", variables, path)
  if (value === undefined) return undefined
  const plain = variables.toJson(value)
  if (typeof plain === "number" && Number.isInteger(plain)) return String(plain)
  if (typeof plain === "string" && /^-?\d{1,19}$/.test(plain)) return plain
  throw validationFailed(
    `expected a 64-bit integer for type 'Int', but found ${describe(value)}`,
    path
  )
}
