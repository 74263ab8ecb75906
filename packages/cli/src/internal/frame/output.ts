/** stdout and stderr. Only data goes to stdout. */
import * as Effect from "effect/Effect"
import { LocalError, OutputClosed } from "./failure.js"
import type { TerminalStream, World } from "./world.js"

export interface Output {
  /** Writes data, and waits until the stream has written it. */
  readonly write: (text: string) => Effect.Effect<void, OutputClosed | LocalError>
  readonly stream: TerminalStream
  readonly isTerminal: boolean
  readonly width: number
  readonly hasColor: boolean
}

export const makeOutput = (world: World, isPlain: boolean): Output => ({
  stream: world.stdout,
  isTerminal: world.stdout.isTTY === true,
  width: widthOf(world.stdout, world.env),
  hasColor: hasColor(world.stdout, world.env, isPlain),
  write: (text) => writeTo(world.stdout, text)
})

export const writeTo = (
  stream: TerminalStream,
  data: string | Uint8Array
): Effect.Effect<void, OutputClosed | LocalError> =>
  data.length === 0
    ? Effect.void
    : Effect.async((resume) => {
        stream.write(data, (error) => {
          resume(error ? Effect.fail(closedOr(error)) : Effect.void)
        })
      })

const closedOr = (error: Error & { readonly code?: string }): OutputClosed | LocalError =>
  error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED"
    ? new OutputClosed()
    : new LocalError(`Could not write to stdout: ${error.message}`, "Check where it leads")

/**
 * Output is written for at least this many columns. In a narrower window, the terminal wraps the
 * lines.
 */
const narrowest = 20

export const widthOf = (stream: TerminalStream, env: World["env"]): number => {
  const given = Number(env["COLUMNS"])
  const width = stream.columns ?? (Number.isSafeInteger(given) && given > 0 ? given : 80)
  return Math.max(width, narrowest)
}

/** As in https://no-color.org, any value that is not empty turns colors off. */
const hasColor = (stream: TerminalStream, env: World["env"], isPlain: boolean): boolean =>
  stream.isTTY === true && !isPlain && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb"

/**
 * Replaces control characters, because a control character in a value could control the terminal.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the code removes them.
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, "0")}`
  })
