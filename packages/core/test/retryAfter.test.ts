/** When an answer says to come back. */
import { assert, describe, it } from "@effect/vitest"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as Duration from "effect/Duration"
import * as FastCheck from "effect/FastCheck"

const receivedAt = Date.parse("2026-01-05T10:00:00Z")

const waitOf = (headers: { readonly [name: string]: string }): number | undefined => {
  const wait = HttpExchange.retryAfter({
    status: 429,
    headers,
    body: "",
    isUtf8: true,
    receivedAt
  })
  return wait === undefined ? undefined : Duration.toMillis(wait)
}

/** Blanks around a value are none of it. */
const padded = FastCheck.constantFrom("", " ", "\t")

describe("an answer's wait", () => {
  it.prop("is Retry-After in seconds", [FastCheck.nat(1e9), padded], ([seconds, pad]) =>
    assert.strictEqual(waitOf({ "retry-after": `${pad}${seconds}${pad}` }), seconds * 1_000)
  )

  it.prop(
    "is Retry-After as a date, and nothing where that has passed",
    [FastCheck.integer({ min: -1e6, max: 1e6 }), padded],
    ([seconds, pad]) => {
      const date = new Date(receivedAt + seconds * 1_000).toUTCString()
      assert.strictEqual(
        waitOf({ "retry-after": `${pad}${date}${pad}` }),
        Math.max(0, seconds * 1_000)
      )
    }
  )

  it.prop(
    "is x-ratelimit-reset, in seconds from now below a billion and since 1970 from there",
    [FastCheck.oneof(FastCheck.nat(2e9), FastCheck.constantFrom(999_999_999, 1e9)), padded],
    ([value, pad]) =>
      assert.strictEqual(
        waitOf({ "x-ratelimit-reset": `${pad}${value}${pad}` }),
        value < 1e9 ? value * 1_000 : Math.max(0, value * 1_000 - receivedAt)
      )
  )

  it("takes fractions of a second, as some servers send them", () => {
    assert.strictEqual(waitOf({ "retry-after": "1.5" }), 1_500)
    assert.strictEqual(waitOf({ "x-ratelimit-reset": "0.25" }), 250)
    assert.strictEqual(waitOf({ "retry-after": "1.123456789" }), 1_123.456789)
  })

  it("is what Retry-After says where both are there and it can be read", () => {
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
    it(`is not said by ${JSON.stringify(text)}`, () => {
      assert.isUndefined(waitOf({ "retry-after": text }))
      assert.isUndefined(waitOf({ "x-ratelimit-reset": text }))
    })
  }

  it("is not said by an answer without either", () => {
    assert.isUndefined(waitOf({ date: "Mon, 05 Jan 2026 10:00:09 GMT" }))
  })

  it("a date is none for x-ratelimit-reset", () => {
    assert.isUndefined(waitOf({ "x-ratelimit-reset": "Mon, 05 Jan 2026 10:00:09 GMT" }))
  })
})
