// The format in which the steps of `.ci/run` print a failure. `.ci/run` finds this format and
// prints all failures again at its end.

import { stripVTControlCharacters } from "node:util"

const messageLines = 30

/**
 * One line with the name, then the beginning of the message, indented, with only our own stack
 * frames.
 */
export function failure(what, message) {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at .*node_modules/.test(line))
  const shown = lines.slice(0, messageLines)
  if (lines.length > messageLines) shown.push(`... ${lines.length - messageLines} more lines`)
  return [`FAILED ${what}`, ...shown.map((line) => `    ${line}`)].join("\n")
}
