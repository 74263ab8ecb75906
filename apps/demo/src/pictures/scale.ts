/** Round numbers for scales. */

const roundFactors = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/**
 * The length of a step on a scale that has `parts` steps and reaches `largest`. It is the smallest
 * round number that is long enough, and at least 1.
 */
export const roundStep = (largest: number, parts: number): number => {
  const exact = Math.max(largest / parts, 1)
  const magnitude = 10 ** Math.floor(Math.log10(exact))
  return magnitude * (roundFactors.find((factor) => factor * magnitude >= exact) ?? 10)
}
