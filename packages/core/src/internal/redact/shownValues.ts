/**
 * Keeps the values that errors about data show, so that secrets in these values can be redacted
 * later, when the secrets are known.
 */
import type { Secrets } from "../../HttpExchange.js"
import { DecodeError } from "../../MetricsError.js"
import { cut, shorten } from "../shorten.js"
import { beginning } from "./beginning.js"
import { strikeOutText } from "./text.js"

/** A text that an error shows, cut to `limit` characters. */
export interface Shown {
  readonly text: string
  readonly limit: number
}

/**
 * How much of a shown text is kept, in characters. It is more than the error shows, because a
 * secret that was cut in two would not be recognised.
 */
export const shownWindow = 16_000

/** Length of the values that errors show, in characters. */
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

/** Redacts secrets in the texts of an error, because a server may echo what it received. */
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
