import { validationFailed } from "../HasuraError.js"
import type { Column, Table } from "../Table.js"
import * as EnumValue from "../values/EnumValue.js"
import type { InputValue, Variables } from "../values/InputValue.js"
import { checkArguments, isNull } from "../values/InputValue.js"
import * as IntegerValue from "../values/IntegerValue.js"
import type { BooleanExpression } from "../where/BooleanExpression.js"
import { everything } from "../where/BooleanExpression.js"
import { parseWhere } from "../where/parseWhere.js"
import * as OrderBy from "./OrderBy.js"

/** The checked arguments of a table's root field. */
export interface SelectArguments {
  readonly where: BooleanExpression
  readonly orderBy: ReadonlyArray<OrderBy.OrderBy>
  readonly distinctOn: ReadonlyArray<Column>
  readonly limit: string | undefined
  readonly offset: string | undefined
}

export const none: SelectArguments = {
  where: everything,
  orderBy: [],
  distinctOn: [],
  limit: undefined,
  offset: undefined
}

const names = ["distinct_on", "limit", "offset", "order_by", "where"] as const

/**
 * Reads the arguments of a table's root field. Throws the same errors as Hasura, in the form of a
 * `HasuraError`.
 */
export const parse = (
  fieldName: string,
  table: Table,
  args: ReadonlyMap<string, InputValue>,
  variables: Variables,
  path: string
): SelectArguments => {
  checkArguments(fieldName, args, names, path)
  const at = (name: (typeof names)[number]) => `${path}.args.${name}`
  const where = parseWhere(table, args.get("where"), variables, at("where"))
  const orderBy = OrderBy.parse(table, args.get("order_by"), variables, at("order_by"))
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

const checkDistinctOn = (
  distinctOn: ReadonlyArray<Column>,
  orderBy: ReadonlyArray<OrderBy.OrderBy>,
  path: string
): void => {
  if (distinctOn.length === 0 || orderBy.length === 0) return
  const initial = orderBy
    .slice(0, distinctOn.length)
    .map(({ target }) => (target._tag === "Column" ? target.column.name : undefined))
  if (
    initial.length < distinctOn.length ||
    distinctOn.some((column) => !initial.includes(column.name))
  ) {
    throw validationFailed(`"distinct_on" columns must match initial "order_by" columns`, path)
  }
}

const parseDistinctOn = (
  table: Table,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): ReadonlyArray<Column> => {
  const typeName = EnumValue.columnsType(table)
  const value = open(input, `[${typeName}!]`, variables, path)
  return value === undefined
    ? []
    : EnumValue.parseColumns(typeName, table.columns, value, variables, path)
}

const parseLimit = (
  input: InputValue | undefined,
  variables: Variables,
  path: string
): string | undefined => {
  const value = open(input, "Int", variables, path)
  return value === undefined
    ? undefined
    : IntegerValue.parseNonNegative(value, variables, path).toString()
}

/** Reads `offset`. A negative number is not rejected here. PostgreSQL rejects it, as in Hasura. */
const parseOffset = (
  input: InputValue | undefined,
  variables: Variables,
  path: string
): string | undefined => {
  const value = open(input, "Int", variables, path)
  return value === undefined ? undefined : IntegerValue.parseWide(value, variables, path).toString()
}
