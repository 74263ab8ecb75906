/** Sends the result of a measured program to its parent process, and ends. */
export const answer = (result: Promise<unknown>): void => {
  result.then(
    (value) => process.send?.(value, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    }
  )
}

/** The task that the program was started with. The parent process passes the expected type. */
export const task = <A>(): A => JSON.parse(process.argv[2] ?? "null") as A
