// Compares the output of a program with the output in its document.

/**
 * The index of the first expected line that differs from the printed text. If the printed text
 * continues after the last expected line, returns the index after that line. `undefined` means that
 * all lines match. White space around lines is ignored. The expected line `...` matches any number
 * of lines.
 */
export function firstDifference(expected, printed) {
  const whole = trimmedLines(printed).join("\n").trim()
  const text = whole === "" ? "" : `${whole}\n`
  const patterns = trimmedLines(expected).map((line) =>
    line === "..." ? "(?:.*\\n)*" : `${line.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}\\n`
  )
  const matches = (count, end) =>
    new RegExp(`^${patterns.slice(0, count).join("")}${end}`).test(text)
  if (matches(patterns.length, "$")) return undefined
  const index = patterns.findIndex((_, at) => !matches(at + 1, ""))
  return index === -1 ? patterns.length : index
}

function trimmedLines(lines) {
  return lines.map((line) => line.trim())
}
