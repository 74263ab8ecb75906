/**
 * Makes the response to an operation from the recorded rows of a table. This module is only for
 * tests of apps.
 */

import type { DocumentNode, FieldNode, SelectionSetNode, ValueNode } from "graphql"
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import * as Ast from "../graphql/ast.js"

/**
 * Returns the `data` of a response, with the value of the operation's first root field. Aggregates
 * are not supported.
 */
export const answerFromRows = (
  document: DocumentNode,
  variables: JsonObject,
  rows: ReadonlyArray<JsonValue>,
  root: "Rows" | "ByPk"
): JsonObject => {
  const [definition] = document.definitions
  if (definition?.kind !== Ast.OPERATION_DEFINITION) return {}
  const [field] = fieldsOf(definition.selectionSet)
  if (field === undefined) return {}
  const found = root === "Rows" ? rows : (rows.find((row) => hasKey(row, field, variables)) ?? null)
  return { [keyOf(field)]: select(found, field.selectionSet, variables) }
}

const hasKey = (row: JsonValue, field: FieldNode, variables: JsonObject): boolean =>
  isJsonObject(row) &&
  (field.arguments ?? []).every(
    ({ name, value }) => keyText(row[name.value]) === keyText(valueOf(value, variables))
  )

/**
 * A key value as text, for comparison. A `bigint` or `numeric` in a row is a number or text, and in
 * a variable it is text.
 */
const keyText = (value: JsonValue | undefined): string | undefined =>
  typeof value === "string" ? value : JSON.stringify(value)

/** Returns only the selected fields of an object, or of each object in a list. Null stays null. */
const select = (
  value: JsonValue,
  selection: SelectionSetNode | undefined,
  variables: JsonObject
): JsonValue => {
  if (selection === undefined) return value
  if (isJsonArray(value)) return value.map((element) => select(element, selection, variables))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    fieldsOf(selection).flatMap((field) => {
      const path = field.arguments?.find(({ name }) => name.value === "path")
      const own = Object.hasOwn(value, field.name.value) ? value[field.name.value] : undefined
      const found = path === undefined ? own : at(own, String(valueOf(path.value, variables)))
      return found === undefined
        ? []
        : [[keyOf(field), select(found, field.selectionSet, variables)] as const]
    })
  )
}

/**
 * Returns the value at a path such as `$.a[0]`, in Hasura's notation. Null if there is no value at
 * the path.
 */
const at = (value: JsonValue | undefined, path: string): JsonValue =>
  (path.replace(/^\$/, "").match(/[^.[\]"']+/g) ?? []).reduce<JsonValue>((parent, key) => {
    if (isJsonArray(parent)) return parent[Number(key)] ?? null
    return isJsonObject(parent) && Object.hasOwn(parent, key) ? (parent[key] ?? null) : null
  }, value ?? null)

const fieldsOf = ({ selections }: SelectionSetNode): ReadonlyArray<FieldNode> =>
  selections.flatMap((selection) => (selection.kind === Ast.FIELD ? [selection] : []))

const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

/** Returns the value of an argument. Every argument of this library's operations is a variable. */
const valueOf = (node: ValueNode, variables: JsonObject): JsonValue | undefined =>
  node.kind === Ast.VARIABLE ? variables[node.name.value] : undefined
