// Reads the declarations of a module from the compiler's output.

import { readFileSync } from "node:fs"
import { parseSync } from "oxc-parser"

/**
 * Reads a file of declarations. Returns:
 *
 * - `declarations`: a list. Each entry has the declared `names`, the `text` without comments, the
 *   words in the text as `mentions`, and the exports from other modules of the package as
 *   `forwards`. A forward is `{ source, name }`, where the name "*" means all exports;
 * - `imports`: a map from the local name to `{ source, name }`, only for modules of the package.
 */
export function readDeclarations(file) {
  const source = readFileSync(file, "utf8")
  const { program, comments, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`)
  const imports = new Map(
    program.body
      .filter(({ type, source }) => type === "ImportDeclaration" && isOwn(source))
      .flatMap(({ specifiers, source }) =>
        specifiers.map((specifier) => [
          specifier.local.name,
          { source: source.value, name: specifier.imported?.name ?? "*" }
        ])
      )
  )
  const declarations = program.body
    .filter((statement) => statement.type !== "ImportDeclaration" && !isEmptyExport(statement))
    .map((statement) => {
      const text = withoutComments(source, comments, statement)
      return {
        names: namesOf(statement),
        text,
        mentions: new Set(text.match(/[A-Za-z_$][\w$]*/g)),
        forwards: [...forwardsOf(statement), ...inlineImports(text)]
      }
    })
  return { declarations, imports }
}

/** Whether a statement is `export {}`, which only marks a file as a module. */
function isEmptyExport(statement) {
  return (
    statement.type === "ExportNamedDeclaration" &&
    statement.declaration === null &&
    statement.specifiers.length === 0
  )
}

function namesOf(statement) {
  if (statement.type === "ExportAllDeclaration") return [statement.exported?.name ?? "*"]
  const declaration = statement.declaration ?? statement
  if (declaration.specifiers !== undefined) {
    return declaration.specifiers.map(({ exported }) => exported.name)
  }
  return (declaration.declarations ?? [declaration]).map(({ id }) => id.name)
}

function forwardsOf({ source, specifiers }) {
  if (!isOwn(source)) return []
  const names = specifiers?.map(({ local }) => local.name) ?? ["*"]
  return names.map((name) => ({ source: source.value, name }))
}

function inlineImports(text) {
  return [...text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g)].map(([, source, name]) => ({
    source,
    name
  }))
}

function isOwn(source) {
  return source?.value.startsWith(".") === true
}

function withoutComments(source, comments, { start, end }) {
  let text = ""
  let position = start
  for (const comment of comments.filter((inside) => inside.start >= start && inside.end <= end)) {
    text += source.slice(position, comment.start)
    position = comment.end
  }
  return (text + source.slice(position, end)).replaceAll(/[ \t]*\n(?:[ \t]*\n)*/g, "\n")
}
