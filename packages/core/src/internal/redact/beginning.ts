/**
 * Shortens texts from a server for errors: returns the beginning of a text with secrets redacted.
 * The beginning is a copy, so the rest of the text does not stay in memory.
 */
import * as Redacted from "effect/Redacted"
import type { Secrets } from "../../HttpExchange.js"
import { copied, cut } from "../shorten.js"
import { strikeOutText } from "./text.js"

/**
 * The first `limit` characters of a text, with secrets redacted. `isWhole` is false if the text was
 * already cut from a longer text.
 *
 * Secrets are redacted before the text is cut, because a part of a secret would not be recognised.
 * A text may be as long as a body, so only `limit` characters and a margin are read. The margin is
 * the length of the longest possible secret. The margin may end within a secret, so the result does
 * not contain the margin.
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

/**
 * The length of the longest secret in its longest spelling. One character of a secret can take nine
 * characters, such as `%E2%82%AC`.
 */
const marginOf = (secrets: Secrets): number =>
  9 * Math.max(0, ...secrets.map((secret) => Redacted.value(secret).length))

/** The number of characters of a text that are read for an excerpt. */
const excerptWindow = 4_000

/** A server's text as a part of a message. It is one line and has no markup. */
export const lineOf = (text: string, secrets: Secrets): string =>
  markup.test(text.slice(0, excerptWindow))
    ? "a page of markup"
    : copied(beginning(text, excerptWindow, secrets).replace(/\s+/g, " ").trim().slice(0, 300))

/** A tag of HTML or XML, but not `<redacted>`, which replaces a secret. */
const markup = /<(?!redacted>)[!?/a-z][^<>]*>/i

/** The first 200 characters of a body, on one line. */
export const excerptOf = (body: string, secrets: Secrets): string =>
  copied(beginning(body, excerptWindow, secrets).replace(/\s+/g, " ").trim().slice(0, 200))
