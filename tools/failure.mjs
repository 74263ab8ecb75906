// The format in which the steps of `.ci/run` print a failure. `.ci/run` finds this format and
// prints all failures again at its end.

import { stripVTControlCharacters } from "node:util"

const messageLines = 30

/**
 * A failure as text. The first line has the name. The beginning of the message follows, indented.
 * Only stack frames in this repository are kept.
 */
export function failure(what, message) {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at .*node_modules/.test(line))
  const shown = lines.slice(0, messageLines)
  if (lines.length > messageLines) shown.push(`... ${lines.length - messageLines} more lines`)
  return [`FAILED ${what}`, ...shown.map((line) => `    ${line}`)].join("\n")
}
