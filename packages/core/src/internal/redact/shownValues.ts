/**
 * Keeps the values that a `DecodeError` shows. The code that creates such an error does not know
 * the secrets, so the secrets in these values are redacted later.
 */
import type { Secrets } from "../../HttpExchange.js"
import { DecodeError } from "../../MetricsError.js"
import { cut, shorten } from "../shorten.js"
import { beginning } from "./beginning.js"
import { strikeOutText } from "./text.js"

/** A text that an error shows. The error shows only the first `limit` characters. */
export interface Shown {
  readonly text: string
  readonly limit: number
}

/**
 * The number of characters that are kept of a text that an error shows. The number is larger than
 * `limit`, because a secret at the end of the shown text must be recognised as a whole.
 */
export const shownWindow = 16_000

/** The number of characters of a value that an error shows. */
const foundLimit = 60

const shownBy = new WeakMap<DecodeError, ReadonlyArray<Shown>>()

/** Keeps the value that an error shows, and further texts that the error shows. */
export const showing = (
  error: DecodeError,
  value: unknown,
  texts: ReadonlyArray<Shown> = []
): DecodeError => {
  shownBy.set(error, [{ text: shorten(value, shownWindow), limit: foundLimit }, ...texts])
  return error
}

/** Redacts secrets in the texts of an error, because a server may send back what it received. */
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
