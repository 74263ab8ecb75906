/** Wraps GraphQL documents to the width of a terminal. */

const width = 78

/**
 * Breaks every line that is too long. A line is broken between the elements of its outermost list
 * or object.
 */
export const document = (text: string): string => text.split("\n").flatMap(fit).join("\n")

const fit = (line: string): ReadonlyArray<string> => {
  const group = line.length > width ? outermostGroup(line) : undefined
  if (group === undefined) return [line]
  const indent = " ".repeat(line.search(/\S/))
  const bounds = [group.start, ...group.commas, group.end]
  return [
    line.slice(0, group.start),
    ...bounds
      .slice(1)
      .map((end, index) => `${indent}  ${line.slice(bounds[index], end).trim()}`)
      .flatMap(fit),
    indent + line.slice(group.end)
  ]
}

interface Group {
  /** The position after the opening bracket. */
  readonly start: number
  /** The positions after the commas between the elements. */
  readonly commas: Array<number>
  /** The position before the closing bracket. */
  readonly end: number
}

/** The first group with several elements that is not inside another such group. */
const outermostGroup = (line: string): Group | undefined => {
  const open: Array<Omit<Group, "end">> = []
  const groups: Array<Group> = []
  // A string is one token: a bracket inside it does not count.
  for (const { 0: token, index } of line.matchAll(/"(?:[^"\\]|\\.)*"|[[{(]|[\])}]|,/g)) {
    if (/^[[{(]$/.test(token)) open.push({ start: index + 1, commas: [] })
    else if (token === ",") open.at(-1)?.commas.push(index + 1)
    else if (!token.startsWith('"')) {
      const group = open.pop()
      if (group !== undefined && group.commas.length > 0) groups.push({ ...group, end: index })
    }
  }
  return groups.sort((a, b) => a.start - b.start)[0]
}
