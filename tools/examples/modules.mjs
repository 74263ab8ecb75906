// Reads a TypeScript module: its docstrings, and its exports with their docstrings.

import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseSync } from "oxc-parser"
import { root } from "../environment.mjs"

/**
 * Reads a module by its path in the repository. Returns:
 *
 * - `docstrings`: a list. Each docstring is a list of lines `{ text, line, column }` for
 *   `fencedBlocks`;
 * - `exported`: a list. Each export has `name`, `isValue`, `file`, `line`, and a `docstring` if
 *   there is one. A type with the same name as a value is a separate export.
 */
export function readModule(file) {
  const source = readFileSync(join(root, file), "utf8")
  const { program, comments, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`)
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineOf = (offset) => lineStarts.findLastIndex((start) => start <= offset) + 1

  const docstrings = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ start, end }) => ({
      end,
      lines: source
        .slice(lineStarts[lineOf(start) - 1], end)
        .split("\n")
        .map((text, index) => {
          const margin = /^\s*(?:\/\*\*|\*)? ?/.exec(text)[0].length
          return { text: text.slice(margin), line: lineOf(start) + index, column: margin }
        })
    }))
  const isOnlyComments = (text) => text.replace(/\/\/.*$/gm, "").trim() === ""
  const docstringBefore = (offset) =>
    docstrings.find(({ end }) => end <= offset && isOnlyComments(source.slice(end, offset)))?.lines

  const exported = program.body.flatMap((statement) => {
    const here = {
      file,
      line: lineOf(statement.start),
      docstring: docstringBefore(statement.start)
    }
    return exportsOf(statement, here)
  })
  return { file, docstrings: docstrings.map(({ lines }) => lines), exported }
}

function exportsOf(statement, here) {
  switch (statement.type) {
    case "ExportDefaultDeclaration":
      return [{ ...here, name: "default", isValue: true }]
    case "ExportAllDeclaration":
      // If the other module is public, it is read separately. A private module is read here.
      return isPrivate(statement.source) ? readModule(targetOf(here.file, statement)).exported : []
    case "ExportNamedDeclaration":
      if (statement.declaration !== null) return declared(statement.declaration, here)
      return statement.specifiers.flatMap((specifier) => forwarded(statement, specifier, here))
    default:
      return []
  }
}

const typeDeclarations = new Set([
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSModuleDeclaration"
])

function declared(declaration, here) {
  const declarations = declaration.declarations ?? [declaration]
  const isValue = !typeDeclarations.has(declaration.type)
  return declarations.map(({ id }) => ({ ...here, name: id.name, isValue }))
}

/**
 * Reads `export { name } from "./internal/module.js"`. The docstring is at the declaration in that
 * module.
 */
function forwarded(statement, specifier, here) {
  const name = specifier.exported.name
  if (statement.source === null) {
    throw new Error(
      `${here.file}:${here.line} exports ${name} apart from its declaration. Write "export" before the declaration.`
    )
  }
  if (!isPrivate(statement.source)) return []
  const isType = statement.exportKind === "type" || specifier.exportKind === "type"
  return readModule(targetOf(here.file, statement))
    .exported.filter((candidate) => candidate.name === specifier.local.name)
    .map((candidate) => ({ ...candidate, name, isValue: candidate.isValue && !isType }))
}

function isPrivate(source) {
  return /^\.\.?\/(?:.*\/)?internal\//.test(source.value)
}

function targetOf(file, statement) {
  return join(dirname(file), statement.source.value).replaceAll("\\", "/").replace(/\.js$/, ".ts")
}
