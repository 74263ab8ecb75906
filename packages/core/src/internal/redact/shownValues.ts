/**
 * What errors about data show of it, and how secrets are struck out of that once they are known.
 */
import type { Secrets } from "../../HttpExchange.js"
import { DecodeError } from "../../MetricsError.js"
import { cut, shorten } from "../shorten.js"
import { beginning } from "./beginning.js"
import { strikeOutText } from "./text.js"

/** A text that an error shows cut to `limit` characters. */
export interface Shown {
  readonly text: string
  readonly limit: number
}

/**
 * More of what an error shows than it shows: a secret that was cut in two would not be recognised.
 * In characters.
 */
export const shownWindow = 16_000

/** How long the values are that errors show. */
const foundLimit = 60

const shownBy = new WeakMap<DecodeError, ReadonlyArray<Shown>>()

/** The error, which shows a value and maybe texts about it. */
export const showing = (
  error: DecodeError,
  value: unknown,
  texts: ReadonlyArray<Shown> = []
): DecodeError => {
  shownBy.set(error, [{ text: shorten(value, shownWindow), limit: foundLimit }, ...texts])
  return error
}

/** The error without secrets in what it shows: a server may send back what it was sent. */
export const redactError = (error: DecodeError, secrets: Secrets): DecodeError => {
  const replacements = (shownBy.get(error) ?? []).map(
    ({ limit, text }) =>
      [cut(text, limit), beginning(text, limit, secrets, text.length <= shownWindow)] as const
  )
  const redact = (text: string): string =>
    strikeOutText(
      replacements.reduce(
        (rest, [shown, redacted]) =>
          shown === redacted ? rest : rest.replaceAll(shown, () => redacted),
        text
      ),
      secrets
    )
  return new DecodeError({
    ...error,
    problem: redact(error.problem),
    expected: redact(error.expected),
    found: redact(error.found)
  })
}
