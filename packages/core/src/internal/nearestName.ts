/** Finds unknown names, and the known names that the caller probably meant. */
import { shorten } from "./shorten.js"

/**
 * Finds the first key of `given` that is not one of the names. Returns the key, shortened for a
 * message, and a hint.
 */
export const unknownName = (
  given: object,
  names: ReadonlyArray<string>,
  path = ""
): { readonly name: string; readonly hint: string } | undefined => {
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown === undefined) return undefined
  const nearest = nearestName(unknown, names, unknown.length / 2)
  return {
    name: shorten(path + unknown),
    hint: nearest === undefined ? `Use one of ${names.join(", ")}` : `Use ${path}${nearest}`
  }
}

/**
 * The name that differs from the text by the fewest letters. A changed, added or omitted letter
 * counts as one letter. `undefined` if all names differ by more than `most` letters.
 */
export const nearestName = (
  text: string,
  names: ReadonlyArray<string>,
  most = Number.POSITIVE_INFINITY
): string | undefined => {
  let nearest: string | undefined
  let least = Math.floor(most) + 1
  for (const name of names) {
    const distance = distanceBetween(text.toLowerCase(), name.toLowerCase())
    if (distance < least) {
      least = distance
      nearest = name
    }
  }
  return nearest
}

/**
 * The Levenshtein distance. Only the first 100 letters of the text are compared, because the time
 * grows with the length of the text.
 */
const distanceBetween = (text: string, name: string): number => {
  let row = Array.from({ length: name.length + 1 }, (_, index) => index)
  for (const [index, letter] of Array.from(text.slice(0, 100)).entries()) {
    const next = [index + 1]
    for (let at = 0; at < name.length; at++) {
      next.push(
        Math.min(
          (next[at] ?? 0) + 1,
          (row[at + 1] ?? 0) + 1,
          (row[at] ?? 0) + (letter === name[at] ? 0 : 1)
        )
      )
    }
    row = next
  }
  return row[name.length] ?? 0
}
