/** Sends what a measured program has found to the one that started it, and ends. */
export const answer = (result: Promise<unknown>): void => {
  result.then(
    (value) => process.send?.(value, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    }
  )
}

/** What the program was started with. The one that starts it gives what it expects. */
export const task = <A>(): A => JSON.parse(process.argv[2] ?? "null") as A
