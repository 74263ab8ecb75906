import { Kind } from "graphql"
import { validationFailed } from "../HasuraError.js"
import type { Column, Table } from "../Table.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe, isName, parseList } from "./InputValue.js"

/** The name of an enum value. It is a literal in a document, and a string in a variable. */
export const parse = <Name extends string>(
  value: InputValue,
  type: string,
  known: ReadonlyArray<Name>,
  path: string
): Name => {
  const name = nameOf(value, type, path)
  const found = known.find((candidate) => candidate === name)
  if (found !== undefined) return found
  const list = known.map((candidate) => `'${candidate}'`).join(", ")
  throw validationFailed(
    `expected one of the values [${list}] for type '${type}', but found '${name}'`,
    path
  )
}

const nameOf = (value: InputValue, type: string, path: string): string => {
  if (value._tag === "Json" && typeof value.value === "string" && isName(value.value)) {
    return value.value
  }
  if (value._tag === "Literal" && value.node.kind === Kind.ENUM) return value.node.value
  throw validationFailed(
    `expected an enum value for type '${type}', but found ${describe(value)}`,
    path
  )
}

/** A list of columns of a table, for `distinct_on` and `count`. */
export const parseColumns = (
  typeName: string,
  columns: ReadonlyArray<Column>,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<Column> =>
  parseList(input, typeName, variables, path, (element, at) =>
    parseColumn(typeName, columns, element, at)
  ).flat()

/** A list that contains the column with this name. */
export const parseColumn = (
  typeName: string,
  columns: ReadonlyArray<Column>,
  value: InputValue,
  path: string
): ReadonlyArray<Column> => {
  const names = columns.map((column) => column.name)
  const name = parse(value, typeName, names, path)
  return columns.filter((column) => column.name === name)
}

export const columnsType = (table: Table): string => `${table.name}_select_column`
