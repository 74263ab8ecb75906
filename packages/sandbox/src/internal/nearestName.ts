/**
 * A hint for a misspelled name. It contains the closest known name, or all known names if none is
 * close.
 */
export const nearestName = (name: string, known: ReadonlyArray<string>): string => {
  const [nearest] = known
    .map((candidate) => ({
      candidate,
      distance: distance(candidate.toLowerCase(), name.toLowerCase())
    }))
    .filter(({ candidate, distance }) => distance <= Math.max(candidate.length, name.length) / 2)
    .sort((a, b) => a.distance - b.distance)
  return nearest === undefined ? `there are ${known.join(", ")}` : `use ${nearest.candidate}`
}

/**
 * The number of letters to add, remove or change (Levenshtein). Only the first 40 letters of a long
 * name are compared.
 */
const distance = (a: string, long: string): number => {
  const b = long.slice(0, 40)
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
