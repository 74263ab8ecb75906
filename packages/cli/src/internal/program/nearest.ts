/** Finds the known name that is nearest to a mistyped name. This module loads no other module. */

/** The nearest of the known names, or `undefined` if none is near. */
export const nearest = (given: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  const lower = given.toLowerCase()
  for (const candidate of known) {
    const name = candidate.toLowerCase()
    const steps = name.startsWith(lower) && lower.length > 2 ? 0.5 : distance(lower, name)
    if (steps < least && steps <= Math.max(1, Math.max(lower.length, name.length) * 0.4)) {
      best = candidate
      least = steps
    }
  }
  return best
}

/** "Did you mean x" or the known names, as a hint. */
export const didYouMean = (given: string, known: ReadonlyArray<string>, prefix = ""): string => {
  const found = nearest(given, known)
  return found === undefined
    ? `Choose from ${known.slice(0, 20).join(", ")}`
    : `Did you mean ${prefix}${found}?`
}

/**
 * The number of letters to add, remove, change or swap with the next letter (optimal string
 * alignment). Only the first 60 letters count.
 */
const distance = (one: string, other: string): number => {
  const a = one.slice(0, 60)
  const b = other.slice(0, 60)
  let before: ReadonlyArray<number> = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let steps = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        steps = Math.min(steps, (before[j - 2] ?? 0) + 1)
      }
      next.push(steps)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
