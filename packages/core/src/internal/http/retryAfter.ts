import * as Duration from "effect/Duration"

/**
 * The wait that a response asks for. If a header has several values, this is the longest wait.
 * `undefined` if the response has no valid value.
 */
export const readRetryAfter = (
  headers: { readonly [name: string]: string | undefined },
  receivedAt: number,
  isRateLimit: boolean
): Duration.Duration | undefined => {
  // If the Date header has several dates, the first one is used.
  const sentAt = dateOf(headers["date"]?.slice(0, 29))
  /**
   * The time from now to a time that the server has sent. The server's clock may differ from this
   * machine's clock. The time is therefore compared with the response's `Date` header. Without this
   * header, or if the result is longer than 30 days, the time is compared with this machine's
   * clock.
   */
  const waitUntil = (time: number): number =>
    Math.abs(time - sentAt) < longestWait ? time - sentAt : time - receivedAt
  const longest = (field: string) =>
    // If a server and a proxy both send the header, its values are joined by commas. The expression
    // does not split a date at the comma that the date contains.
    (headers[field]?.match(/\s*(?:[A-Za-z]{3,9},\s*\d[^,]*:|[^,])[^,]*/g) ?? []).reduce(
      (longest, value) => {
        const text = value.trim()
        // RFC 9110 allows only whole seconds, but some servers send fractions. A value of a billion
        // seconds or more is a time since 1970 instead of a wait.
        const millis = /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : dateOf(text)
        const wait = millis < 1e12 ? millis : waitUntil(millis)
        return wait > longest ? wait : longest
      },
      unreadable
    )
  const asked = longest("retry-after")
  const wait =
    // `x-ratelimit-reset` is only read for a rate limit, because some servers send it with every
    // response.
    asked === unreadable && isRateLimit ? longest("x-ratelimit-reset") : asked
  return wait === unreadable ? undefined : Duration.millis(Math.min(Math.max(0, wait), longestWait))
}

const unreadable = Number.NEGATIVE_INFINITY

/**
 * The longest wait: 30 days, in milliseconds. A longer wait is probably a mistake of the server.
 */
const longestWait = 2_592_000_000

/**
 * Parses an HTTP date. The text must contain a time of day, because `Date.parse` accepts nearly any
 * text. HTTP dates are in GMT, even if they do not name a zone.
 */
const dateOf = (text = ""): number =>
  /\d:\d\d:\d\d/.test(text)
    ? Date.parse(/\d:\d\d:\d\d(?: \d{4})?$/.test(text) ? `${text} GMT` : text)
    : Number.NaN

/**
 * The hint of an error if a server asked the client to wait. The hint has the wait in whole
 * seconds.
 */
export const comeBack = (wait: Duration.Duration): string =>
  `Try again in ${Duration.format(Duration.seconds(Math.ceil(Duration.toSeconds(wait))))}`
