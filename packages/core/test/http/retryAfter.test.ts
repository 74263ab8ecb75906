/** Tests how long a response asks the client to wait. */
import { assert, describe, it } from "@effect/vitest"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as Duration from "effect/Duration"
import * as FastCheck from "effect/FastCheck"

const receivedAt = Date.parse("2026-01-05T10:00:00Z")

const waitOf = (headers: { readonly [name: string]: string }, status = 429): number | undefined => {
  const wait = HttpExchange.retryAfter({ status, headers, body: "", isUtf8: true, receivedAt })
  return wait === undefined ? undefined : Duration.toMillis(wait)
}

/** Blanks that may be around the value of a header, without changing its meaning. */
const padded = FastCheck.constantFrom("", " ", "\t")

const days = 86_400_000

/** The wait that must be decoded from this many milliseconds: at least 0, and at most 30 days. */
const bounded = (millis: number) => Math.min(Math.max(0, millis), 30 * days)

/** HTTP's three forms of a date (RFC 9110, section 5.6.7). */
const httpDates: ReadonlyArray<(millis: number) => string> = [
  (millis) => new Date(millis).toUTCString(),
  (millis) => {
    const [, day, month, year, time] = new Date(millis).toUTCString().split(/,? /)
    const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" })
    return `${weekday.format(millis)}, ${day}-${month}-${year?.slice(2)} ${time} GMT`
  },
  (millis) => {
    const [weekday, day, month, year, time] = new Date(millis).toUTCString().split(/,? /)
    return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${time} ${year}`
  }
]

describe("the wait of a response", () => {
  it.prop(
    "the wait is Retry-After in seconds, and at most 30 days",
    [FastCheck.oneof(FastCheck.nat(90), FastCheck.nat(999_999_999)), padded],
    ([seconds, pad]) =>
      assert.strictEqual(
        waitOf({ "retry-after": `${pad}${seconds}${pad}` }),
        bounded(seconds * 1e3)
      )
  )

  it.prop(
    "the wait is Retry-After as a date in any form of HTTP, and zero if that has passed",
    [FastCheck.integer({ min: -1e6, max: 5e6 }), padded, FastCheck.constantFrom(...httpDates)],
    ([seconds, pad, toText]) => {
      const date = toText(receivedAt + seconds * 1_000)
      assert.strictEqual(waitOf({ "retry-after": `${pad}${date}${pad}` }), bounded(seconds * 1_000))
    }
  )

  it.prop(
    "a number below a billion is seconds from now, and above it seconds since 1970, in either header",
    [
      FastCheck.oneof(
        FastCheck.nat(2e9),
        FastCheck.constantFrom(999_999_999, 1e9, 999_999_999_999)
      ),
      padded,
      FastCheck.constantFrom("retry-after", "x-ratelimit-reset")
    ],
    ([value, pad, field]) =>
      assert.strictEqual(
        waitOf({ [field]: `${pad}${value}${pad}` }),
        bounded(value < 1e9 ? value * 1_000 : value * 1_000 - receivedAt)
      )
  )

  it.prop(
    "the wait is the longest of several values, whatever is between them",
    [
      FastCheck.array(
        FastCheck.oneof(
          FastCheck.nat(90).map((seconds) => [seconds, String(seconds)] as const),
          FastCheck.record({
            seconds: FastCheck.nat(90),
            toText: FastCheck.constantFrom(...httpDates)
          }).map(({ seconds, toText }) => [seconds, toText(receivedAt + seconds * 1e3)] as const),
          FastCheck.constantFrom("", "soon", "-1", "Mon", "1e3").map(
            (text) => [undefined, text] as const
          )
        ),
        { minLength: 1, maxLength: 5 }
      ),
      FastCheck.constantFrom(",", ", ", " , "),
      FastCheck.constantFrom("retry-after", "x-ratelimit-reset")
    ],
    ([values, comma, field]) => {
      const seconds = values.flatMap(([seconds]) => seconds ?? [])
      assert.strictEqual(
        waitOf({ [field]: values.map(([, text]) => text).join(comma) }),
        seconds.length === 0 ? undefined : Math.max(...seconds) * 1_000
      )
    }
  )

  it.prop(
    "a wait until a time is measured by the server's clock if the response has a date",
    [
      FastCheck.nat(90),
      FastCheck.integer({ min: -5e6, max: 5e6 }),
      FastCheck.constantFrom("retry-after", "x-ratelimit-reset"),
      FastCheck.boolean(),
      FastCheck.constantFrom("", ", Mon, 05 Jan 2026 09:00:00 GMT")
    ],
    ([seconds, skew, field, isEpoch, another]) => {
      const there = receivedAt + skew * 1_000
      const until = there + seconds * 1_000
      assert.strictEqual(
        waitOf({
          date: new Date(there).toUTCString() + another,
          [field]: isEpoch ? String(until / 1_000) : new Date(until).toUTCString()
        }),
        seconds * 1_000
      )
    }
  )

  it("a wait until a time is measured by this machine's clock if the response's date makes no sense", () => {
    for (const date of [
      "",
      "now",
      "Thu, 01 Jan 1970 00:00:00 GMT",
      "Fri, 31 Dec 9999 23:59:59 GMT"
    ]) {
      const until = new Date(receivedAt + 7_000).toUTCString()
      assert.strictEqual(waitOf({ date, "retry-after": until }), 7_000)
    }
  })

  it.prop(
    "the reset time of a quota is ignored in a response that is not a rate limit",
    [FastCheck.constantFrom(200, 400, 401, 403, 500, 503), FastCheck.nat(90)],
    ([status, seconds]) => {
      const quota = { "x-ratelimit-reset": String(seconds) }
      assert.isUndefined(waitOf(quota, status))
      assert.strictEqual(waitOf({ ...quota, "retry-after": "3" }, status), 3_000)
      const answer = { status, headers: quota, body: "", isUtf8: true, receivedAt }
      assert.deepStrictEqual(HttpExchange.retryAfter(answer, true), Duration.seconds(seconds))
    }
  )

  it("the wait accepts fractions of a second, as some servers send them", () => {
    assert.strictEqual(waitOf({ "retry-after": "1.5" }), 1_500)
    assert.strictEqual(waitOf({ "x-ratelimit-reset": "0.25" }), 250)
    assert.strictEqual(waitOf({ "retry-after": "1.123456789" }), 1_123.456789)
  })

  it("a readable Retry-After takes precedence over x-ratelimit-reset", () => {
    assert.strictEqual(waitOf({ "retry-after": "3", "x-ratelimit-reset": "9" }), 3_000)
    assert.strictEqual(waitOf({ "retry-after": "soon", "x-ratelimit-reset": "9" }), 9_000)
  })

  for (const text of [
    "",
    "soon",
    "-1",
    "+1",
    "1e3",
    "0x10",
    "1.",
    ".5",
    "1 2",
    "1.1234567890",
    "2026-01-05",
    "1234567890123",
    "x1",
    "1x"
  ]) {
    it(`the value ${JSON.stringify(text)} is not a wait`, () => {
      assert.isUndefined(waitOf({ "retry-after": text }))
      assert.isUndefined(waitOf({ "x-ratelimit-reset": text }))
    })
  }

  it("a response without either header has no wait", () => {
    assert.isUndefined(waitOf({ date: "Mon, 05 Jan 2026 10:00:09 GMT" }))
  })

  it("a wait is read in linear time from a header of any length", () => {
    for (const piece of [" ", "a", "1", ",", "Mon, ", "1:", "1:00:00 ", "Mon, 1:"]) {
      waitOf({ "retry-after": piece.repeat(100_000), date: piece.repeat(100_000) })
    }
  })
})
