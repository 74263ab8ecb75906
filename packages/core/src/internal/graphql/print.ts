/**
 * Prints executable documents in the layout of the function `print` of `graphql`. That function
 * also prints type definitions, and its code is larger than the rest of the query builder.
 */

import type {
  ArgumentNode,
  ConstValueNode,
  DefinitionNode,
  DirectiveNode,
  DocumentNode,
  SelectionNode,
  SelectionSetNode,
  TypeNode,
  ValueNode,
  VariableDefinitionNode
} from "graphql"
import { makeMemo } from "../objectMemo.js"
import * as Ast from "./ast.js"

/** The literals that replace variables, by the names of the variables. */
type Literals = { readonly [name: string]: ConstValueNode }

/** Prints a document. Type definitions are left out, because a server does not execute them. */
export const printDocument = (document: DocumentNode, literals?: Literals): string => {
  if (literals !== undefined) return print(document, literals)
  const known = texts.get(document)
  if (known !== undefined) return known
  const text = print(document, undefined)
  texts.set(document, text)
  return text
}

/** Caches the texts of documents, because the same document is usually sent many times. */
const texts = /* @__PURE__ */ makeMemo<string>()

const print = (document: DocumentNode, literals: Literals | undefined): string =>
  document.definitions
    .map((definition) => printDefinition(definition, literals))
    .filter((text) => text !== "")
    .join("\n\n")

const printDefinition = (node: DefinitionNode, literals: Literals | undefined): string => {
  if (node.kind === Ast.OPERATION_DEFINITION) {
    const variables = literals === undefined ? (node.variableDefinitions ?? []) : []
    const head = `${node.operation} ${node.name?.value ?? ""}${inParentheses(variables.map(printVariableDefinition))}`
    return `${head.trim()}${printDirectives(node.directives, literals)} ${printSelections(node.selectionSet, literals)}`
  }
  if (node.kind === Ast.FRAGMENT_DEFINITION) {
    return `fragment ${node.name.value} on ${node.typeCondition.name.value}${printDirectives(node.directives, literals)} ${printSelections(node.selectionSet, literals)}`
  }
  return ""
}

const printVariableDefinition = (node: VariableDefinitionNode): string =>
  `$${node.variable.name.value}: ${printType(node.type)}${
    node.defaultValue === undefined ? "" : ` = ${printValue(node.defaultValue, undefined)}`
  }${printDirectives(node.directives, undefined)}`

const printType = (node: TypeNode): string => {
  switch (node.kind) {
    case Ast.NAMED_TYPE:
      return node.name.value
    case Ast.LIST_TYPE:
      return `[${printType(node.type)}]`
    case Ast.NON_NULL_TYPE:
      return `${printType(node.type)}!`
  }
}

const printSelections = (node: SelectionSetNode, literals: Literals | undefined): string =>
  `{\n${indent(node.selections.map((selection) => printSelection(selection, literals)).join("\n"))}\n}`

const printSelection = (node: SelectionNode, literals: Literals | undefined): string => {
  const directives = printDirectives(node.directives, literals)
  switch (node.kind) {
    case Ast.FIELD: {
      const name = `${node.alias === undefined ? "" : `${node.alias.value}: `}${node.name.value}`
      const given = (node.arguments ?? []).map((argument) => printArgument(argument, literals))
      const line = name + inParentheses(given)
      const head =
        line.length > maxLineLength && given.length > 0
          ? `${name}(\n${indent(given.join("\n"))}\n)`
          : line
      return `${head}${directives}${
        node.selectionSet === undefined ? "" : ` ${printSelections(node.selectionSet, literals)}`
      }`
    }
    case Ast.FRAGMENT_SPREAD:
      return `...${node.name.value}${directives}`
    case Ast.INLINE_FRAGMENT:
      return `...${
        node.typeCondition === undefined ? "" : ` on ${node.typeCondition.name.value}`
      }${directives} ${printSelections(node.selectionSet, literals)}`
  }
}

const printDirectives = (
  nodes: ReadonlyArray<DirectiveNode> | undefined,
  literals: Literals | undefined
): string =>
  (nodes ?? [])
    .map(
      (node) =>
        ` @${node.name.value}${inParentheses((node.arguments ?? []).map((argument) => printArgument(argument, literals)))}`
    )
    .join("")

const printArgument = (node: ArgumentNode, literals: Literals | undefined): string => {
  const { value } = node
  // A list of one element and the element itself have the same meaning. The vendor's pages write
  // the element.
  const [first, ...others] =
    literals !== undefined && node.name.value === "order_by" && value.kind === Ast.LIST
      ? value.values
      : []
  return `${node.name.value}: ${printValue(first !== undefined && others.length === 0 ? first : value, literals)}`
}

const printValue = (node: ValueNode, literals: Literals | undefined): string => {
  switch (node.kind) {
    case Ast.VARIABLE: {
      const literal = literals?.[node.name.value]
      return literal === undefined ? `$${node.name.value}` : printValue(literal, undefined)
    }
    case Ast.NULL:
      return "null"
    case Ast.STRING:
      return printString(node.value)
    case Ast.LIST:
      return `[${node.values.map((value) => printValue(value, literals)).join(", ")}]`
    case Ast.OBJECT:
      return `{${node.fields
        .map(({ name, value }) => `${name.value}: ${printValue(value, literals)}`)
        .join(", ")}}`
    default:
      return String(node.value)
  }
}

/**
 * Prints a string. JSON's escapes are valid in GraphQL. Control characters that JSON does not
 * escape are escaped too, so that they are visible.
 */
const printString = (value: string): string =>
  JSON.stringify(value).replace(
    /[\x7f-\x9f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`
  )

const maxLineLength = 80

const inParentheses = (parts: ReadonlyArray<string>): string =>
  parts.length === 0 ? "" : `(${parts.join(", ")})`

/**
 * Indents each line. This never changes a string, because the line breaks in strings are escaped.
 */
const indent = (text: string): string => `  ${text.replaceAll("\n", "\n  ")}`
