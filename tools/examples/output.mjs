// Compares what a program printed with what its document says that it prints.

/**
 * The index of the first expected line that the printed text does not have in its place, which is
 * past the last where the text goes on; `undefined` where all is as expected. Blanks around lines
 * do not count. The expected line `...` stands for any number of lines.
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
