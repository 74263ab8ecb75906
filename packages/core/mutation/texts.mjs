/**
 * A mutant that changes what a person reads is none: the words of a problem, a hint and a log line
 * are no behaviour. That each error has them, and that they name the thing, other tests say. Nor is
 * the name of a service or a symbol, for which any other would do.
 */
const names = new Set(["problem", "hint"])

/** `Effect.logWarning`, `Context.Tag`, `Symbol.for`. */
const calls = new Set(["logWarning", "Tag", "for"])

const isText = ({ node }) => node.type === "StringLiteral" || node.type === "TemplateLiteral"

const isOf = (path) => {
  const { node, parentPath } = path
  if (node.type === "ObjectProperty") return names.has(node.key.name)
  if (node.type === "CallExpression") return calls.has(node.callee.property?.name)
  // What is put into a text is behaviour: which value it names.
  if (["ArrowFunctionExpression", "BlockStatement"].includes(node.type)) return false
  return parentPath !== null && isOf(parentPath)
}

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "texts",
    value: {
      shouldIgnore: (path) => (isText(path) && isOf(path) ? "words that a person reads" : undefined)
    }
  }
]
