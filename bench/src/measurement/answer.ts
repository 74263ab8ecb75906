/** Sends the result of a measured program to the parent process. Then ends the program. */
export const answer = (result: Promise<unknown>): void => {
  result.then(
    (value) => process.send?.(value, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    }
  )
}

/**
 * The task with which the program was started. The parent process passes a task of the expected
 * type.
 */
export const task = <A>(): A => JSON.parse(process.argv[2] ?? "null") as A
