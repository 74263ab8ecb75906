import { Kind } from "graphql"
import { validationFailed } from "./HasuraError.js"
import type { InputValue, Variables } from "./InputValue.js"
import { describe, elements, isNull } from "./InputValue.js"
import type { Column, Table } from "./Table.js"

/** The name of an enum value, a literal in a document and a string in a variable. */
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
  if (value._tag === "Json" && typeof value.value === "string") return value.value
  if (value._tag === "Literal" && value.node.kind === Kind.ENUM) return value.node.value
  throw validationFailed(
    `expected an enum value for type '${type}', but found ${describe(value)}`,
    path
  )
}

/** A list of a table's columns, as `distinct_on` and `count` take it; null and absent are an empty one. */
export const parseColumns = (
  table: Table,
  input: InputValue | undefined,
  variables: Variables,
  path: string
): ReadonlyArray<Column> => {
  if (input === undefined) return []
  const typeName = `${table.name}_select_column`
  const value = variables.peel(input, `[${typeName}!]`, path)
  if (isNull(value)) return []
  const names = table.columns.map((column) => column.name)
  const parseColumn = (element: InputValue, at: string): ReadonlyArray<Column> => {
    const name = parse(variables.peel(element, `${typeName}!`, at), typeName, names, at)
    return table.columns.filter((column) => column.name === name)
  }
  const list = elements(value)
  return list === undefined
    ? parseColumn(value, path)
    : list.flatMap((element, index) => parseColumn(element, `${path}[${index}]`))
}
