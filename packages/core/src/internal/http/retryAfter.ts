import * as Duration from "effect/Duration"

/**
 * The wait that a response asks for: the longest one if a field has several values. `undefined` if
 * no value can be read.
 */
export const readRetryAfter = (
  headers: { readonly [name: string]: string | undefined },
  receivedAt: number,
  isRateLimit: boolean
): Duration.Duration | undefined => {
  // If the Date header has several dates, the first one is used.
  const sentAt = dateOf(headers["date"]?.slice(0, 29))
  /**
   * A server's times follow its own clock, which may differ from this machine's clock. They are
   * compared with the server's date, unless that date makes no sense.
   */
  const waitUntil = (time: number): number =>
    Math.abs(time - sentAt) < longestWait ? time - sentAt : time - receivedAt
  const longest = (field: string) =>
    // A server and a proxy may both send one. The values are then joined by commas, and a date
    // contains a comma itself.
    (headers[field]?.match(/\s*(?:[A-Za-z]{3,9},\s*\d[^,]*:|[^,])[^,]*/g) ?? []).reduce(
      (longest, value) => {
        const text = value.trim()
        // RFC 9110 allows whole seconds; some servers send fractions. A value of a billion seconds
        // or more is not a wait but a time, counted from 1970.
        const millis = /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : dateOf(text)
        const wait = millis < 1e12 ? millis : waitUntil(millis)
        return wait > longest ? wait : longest
      },
      unreadable
    )
  const asked = longest("retry-after")
  const wait =
    // Servers with a quota send the other header with every response, whatever has failed.
    asked === unreadable && isRateLimit ? longest("x-ratelimit-reset") : asked
  return wait === unreadable ? undefined : Duration.millis(Math.min(Math.max(0, wait), longestWait))
}

const unreadable = Number.NEGATIVE_INFINITY

/** 30 days. A longer wait is a mistake, and would silence a client for good. */
const longestWait = 2_592_000_000

/**
 * Requires a time of day, because the parser makes a date of nearly any text. HTTP dates are in
 * GMT, even if they do not say so.
 */
const dateOf = (text = ""): number =>
  /\d:\d\d:\d\d/.test(text)
    ? Date.parse(/\d:\d\d:\d\d(?: \d{4})?$/.test(text) ? `${text} GMT` : text)
    : Number.NaN

/** The hint of an error if a server asked for a wait, in whole seconds. */
export const comeBack = (wait: Duration.Duration): string =>
  `Try again in ${Duration.format(Duration.seconds(Math.ceil(Duration.toSeconds(wait))))}`
