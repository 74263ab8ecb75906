/**
 * The beginnings of external texts, as errors show them: without secrets, and without keeping the
 * rest in memory.
 */
import * as Redacted from "effect/Redacted"
import type { Secrets } from "../../HttpExchange.js"
import { copied, cut } from "../shorten.js"
import { strikeOutText } from "./text.js"

/**
 * The first `limit` characters, with secrets redacted. `isWhole` is false if the text itself is
 * only the beginning of another one.
 *
 * Secrets are redacted before the text is cut, because half a secret would not be recognised. A
 * text may be as long as a body, so only its first characters are read, plus as many as a secret
 * can have. The end, which may hold a part of a secret, is left out.
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

/** Length of a secret in its longest spelling: `%E2%82%AC` for one character. */
const marginOf = (secrets: Secrets): number =>
  9 * Math.max(0, ...secrets.map((secret) => Redacted.value(secret).length))

/** In characters. */
const excerptWindow = 4_000

/** A server's text as a part of a message: one line, without markup. */
export const lineOf = (text: string, secrets: Secrets): string =>
  markup.test(text.slice(0, excerptWindow))
    ? "a page of markup"
    : copied(beginning(text, excerptWindow, secrets).replace(/\s+/g, " ").trim().slice(0, 300))

/** A tag, but not the mark of a redacted secret. */
const markup = /<(?!redacted>)[!?/a-z][^<>]*>/i

/** The first 200 characters of a body's beginning, on one line. */
export const excerptOf = (body: string, secrets: Secrets): string =>
  copied(beginning(body, excerptWindow, secrets).replace(/\s+/g, " ").trim().slice(0, 200))
