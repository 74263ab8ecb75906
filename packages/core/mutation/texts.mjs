/**
 * Mutants of text that people read are ignored: the words of a problem, a hint and a log line are
 * not behaviour. Other tests check that each error has a problem and a hint, and that both texts
 * name the thing. The name of a service or a symbol is ignored too, because any other name would
 * do.
 */
const names = new Set(["problem", "hint"])

/** The functions whose texts are ignored: `Effect.logWarning`, `Context.Tag`, `Symbol.for`. */
const calls = new Set(["logWarning", "Tag", "for"])

const isText = ({ node }) => node.type === "StringLiteral" || node.type === "TemplateLiteral"

const isOf = (path) => {
  const { node, parentPath } = path
  if (node.type === "ObjectProperty") return names.has(node.key.name)
  if (node.type === "CallExpression") return calls.has(node.callee.property?.name)
  // The values that are put into a text are behaviour.
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
