/**
 * The beginnings of texts from outside, as errors show them: without secrets, and without keeping
 * the rest alive.
 */
import * as Redacted from "effect/Redacted"
import type { Secrets } from "../../HttpExchange.js"
import { copied, cut } from "../shorten.js"
import { strikeOutText } from "./text.js"

/**
 * The first `limit` characters, secrets struck out. Where the text itself is only the beginning of
 * another, `isWhole` is false.
 *
 * Secrets are looked for before the text is cut, since half of one would not be recognised. A text
 * may be as long as a body, so that is done in its first characters and as many more as a secret
 * takes. What may hold a part of one at the end is left out.
 */
export const beginning = (
  text: string,
  limit: number,
  secrets: Secrets,
  isWhole = true
): string => {
  const margin = marginOf(secrets)
  if (isWhole && text.length <= limit + margin) return cut(strikeOutText(text, secrets), limit)
  const struck = strikeOutText(text.slice(0, limit + margin), secrets)
  return copied(`${struck.slice(0, Math.min(limit, Math.max(0, struck.length - margin)))}...`)
}

/** How long a secret can be in the longest spelling: `%E2%82%AC` for one character. */
const marginOf = (secrets: Secrets): number =>
  9 * Math.max(0, ...secrets.map((secret) => Redacted.value(secret).length))

/** In characters. */
const excerptWindow = 4_000

/** What a server says, as a part of a message: one line, and no page. */
export const lineOf = (text: string, secrets: Secrets): string =>
  markup.test(text.slice(0, excerptWindow))
    ? "a page of markup"
    : copied(beginning(text, excerptWindow, secrets).replace(/\s+/g, " ").trim().slice(0, 300))

/** A tag, but not the mark where a secret was. */
const markup = /<(?!redacted>)[!?/a-z][^<>]*>/i

/** The first 200 characters of a body's beginning, on one line. */
export const excerptOf = (body: string, secrets: Secrets): string =>
  copied(beginning(body, excerptWindow, secrets).replace(/\s+/g, " ").trim().slice(0, 200))
