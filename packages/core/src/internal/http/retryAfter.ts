import * as Duration from "effect/Duration"

/**
 * The longest wait that an answer asks for, where a field has several values; none where no value
 * can be read.
 */
export const readRetryAfter = (
  headers: { readonly [name: string]: string | undefined },
  receivedAt: number,
  isRateLimit: boolean
): Duration.Duration | undefined => {
  // Of several dates the first counts.
  const sentAt = dateOf(headers["date"]?.slice(0, 29))
  /**
   * A server's times follow its own clock, which may differ from this machine's, unless its date
   * makes no sense.
   */
  const waitUntil = (time: number): number =>
    Math.abs(time - sentAt) < longestWait ? time - sentAt : time - receivedAt
  const longest = (field: string) =>
    // A server and a proxy may both send one: the values are joined by commas, and a date has a
    // comma of its own.
    (headers[field]?.match(/\s*(?:[A-Za-z]{3,9},\s*\d[^,]*:|[^,])[^,]*/g) ?? []).reduce(
      (longest, value) => {
        const text = value.trim()
        // RFC 9110 has whole seconds; some servers send fractions. A billion seconds is not a wait
        // but a time, since 1970.
        const millis = /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : dateOf(text)
        const wait = millis < 1e12 ? millis : waitUntil(millis)
        return wait > longest ? wait : longest
      },
      unreadable
    )
  const asked = longest("retry-after")
  const wait =
    // Servers with a quota send the other with every answer, whatever has failed.
    asked === unreadable && isRateLimit ? longest("x-ratelimit-reset") : asked
  return wait === unreadable ? undefined : Duration.millis(Math.min(Math.max(0, wait), longestWait))
}

const unreadable = Number.NEGATIVE_INFINITY

/** 30 days. More is a mistake, and would silence a client for good. */
const longestWait = 2_592_000_000

/**
 * Only with a time of day: the parser makes a date of nearly any text. HTTP's dates are in GMT,
 * also where none says so.
 */
const dateOf = (text = ""): number =>
  /\d:\d\d:\d\d/.test(text)
    ? Date.parse(/\d:\d\d:\d\d(?: \d{4})?$/.test(text) ? `${text} GMT` : text)
    : Number.NaN

/** What an error says where a server asked for a wait, in whole seconds. */
export const comeBack = (wait: Duration.Duration): string =>
  `Come back in ${Duration.format(Duration.seconds(Math.ceil(Duration.toSeconds(wait))))}`
