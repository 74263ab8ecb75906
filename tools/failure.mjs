// A failure as the steps of `.ci/run` print it, which looks for this form and prints all failures
// again at its end.

import { stripVTControlCharacters } from "node:util"

const messageLines = 30

/** What failed in one line, and how its message begins, indented; of the stack, what is ours. */
export function failure(what, message) {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at .*node_modules/.test(line))
  const shown = lines.slice(0, messageLines)
  if (lines.length > messageLines) shown.push(`... ${lines.length - messageLines} more lines`)
  return [`FAILED ${what}`, ...shown.map((line) => `    ${line}`)].join("\n")
}
