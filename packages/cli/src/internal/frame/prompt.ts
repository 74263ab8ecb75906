/** Questions on the terminal. Without a terminal, no question is asked. */
import * as Effect from "effect/Effect"
import { LocalError, UsageError } from "./failure.js"
import type { World } from "./world.js"

/** All of stdin, without white space around it. */
export const readStdin = ({ stdin }: World): Effect.Effect<string, LocalError> =>
  Effect.tryPromise({
    try: async () => {
      const parts: Array<Buffer> = []
      for await (const part of stdin) parts.push(Buffer.from(part))
      return Buffer.concat(parts).toString("utf8").trim()
    },
    catch: (error) => new LocalError(`Could not read stdin: ${error}`, "Check what it is")
  })

/**
 * Asks for a line. A secret is not shown while it is typed. Without a terminal, fails with a
 * `UsageError` whose hint is `instead`.
 */
export const ask = (
  world: World,
  question: string,
  instead: string,
  isSecret = false
): Effect.Effect<string, UsageError> => {
  const { stderr, stdin } = world
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    return Effect.fail(
      new UsageError(`${question} is not given, and stdin is not a terminal to ask`, instead)
    )
  }
  return Effect.async<string, never>((resume) => {
    // Raw mode is set before the question is shown, so that the terminal never shows what the
    // person types as an answer.
    stdin.setRawMode?.(true)
    stderr.write(`${question}: `)
    let line = ""
    const end = () => {
      stdin.off("data", onData)
      stdin.setRawMode?.(false)
      stdin.pause()
      stderr.write("\n")
    }
    const onData = (bytes: Buffer) => {
      for (const character of bytes.toString("utf8")) {
        switch (character) {
          case "\r":
          case "\n":
            end()
            resume(Effect.succeed(line.trim()))
            return
          case "\u0003":
          case "\u0004":
            end()
            resume(Effect.interrupt)
            return
          case "\u007f":
          case "\b":
            if (line !== "" && !isSecret) stderr.write("\b \b")
            line = line.slice(0, -1)
            break
          default:
            line += character
            if (!isSecret) stderr.write(character)
        }
      }
    }
    stdin.on("data", onData)
    stdin.resume()
    return Effect.sync(end)
  })
}
