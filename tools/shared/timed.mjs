// Measures how long something takes.

/** Runs a function. Returns its result and its duration as `{ value, seconds }`. */
export async function timed(act) {
  const before = performance.now()
  const value = await act()
  return { value, seconds: Math.round((performance.now() - before) / 1000) }
}
