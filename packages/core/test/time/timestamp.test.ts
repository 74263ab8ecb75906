/** Tests which texts are accepted as timestamps, and which instants they become. */
import { assert, describe, it } from "@effect/vitest"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"

const form =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|([+-]\d{2})(?::?(\d{2}))?)?$/

/**
 * Epoch milliseconds, or NaN if the text is not a timestamp. `Date` reads 30 February as 1 March,
 * so the day is checked.
 */
const expected = (text: string): number => {
  const match = form.exec(text)
  if (match === null) return Number.NaN
  const [, date = "", time, fraction = "", hours = "+00", minutes = "00"] = match
  const isDay = new Date(`${date}T00:00:00Z`).getUTCDate() === Number(date.slice(8))
  const millis = fraction.padEnd(3, "0").slice(0, 3)
  return isDay ? Date.parse(`${date}T${time}.${millis}${hours}:${minutes}`) : Number.NaN
}

const found = (text: string): number =>
  Either.match(Scalar.timestamptz.decode(text), {
    onLeft: () => Number.NaN,
    onRight: ({ epochMillis }) => epochMillis
  })

const oneOf = (...texts: ReadonlyArray<string>) => FastCheck.constantFrom(...texts)

const number = (max: number, width: number) =>
  FastCheck.nat({ max }).map((value) => String(value).padStart(width, "0"))

const digits = FastCheck.nat({ max: 999_999_999 }).map(String)

/** Texts of which most are timestamps, and some are almost timestamps. */
const texts = FastCheck.tuple(
  FastCheck.oneof(number(9_999, 4), oneOf("0000", "1900", "2000", "2023", "2024")),
  oneOf("-"),
  number(13, 2),
  oneOf("-"),
  FastCheck.oneof(number(32, 2), oneOf("28", "29", "30", "31")),
  oneOf("T", " "),
  number(24, 2),
  oneOf(":"),
  FastCheck.oneof(number(60, 2), oneOf("00")),
  oneOf(":"),
  FastCheck.oneof(number(60, 2), oneOf("00")),
  FastCheck.oneof(
    oneOf("", ".", ".0", ".0000000000"),
    digits.map((text) => `.${text}`)
  ),
  FastCheck.oneof(
    oneOf("", "Z", "z", "+00", "+00:00", "-05", "+5", "+05:", "+05:3", "+053"),
    FastCheck.tuple(oneOf("+", "-"), number(24, 2), oneOf("", ":"), number(60, 2)).map((parts) =>
      parts.join("")
    )
  )
).map((parts) => parts.join(""))

/** Replaces or removes a character. */
const damaged = FastCheck.tuple(texts, FastCheck.nat(), FastCheck.string({ maxLength: 1 })).map(
  ([text, at, character]) =>
    text.slice(0, at % text.length) + character + text.slice((at % text.length) + 1)
)

describe("timestamptz", () => {
  it.prop(
    "timestamptz agrees with a regular expression and Date, for valid and invalid texts",
    [FastCheck.oneof(texts, damaged)],
    ([text]) => assert.deepStrictEqual([text, found(text)], [text, expected(text)]),
    { fastCheck: { numRuns: 5_000 } }
  )

  it.prop(
    "timestamptz decodes the instant that was written",
    [
      FastCheck.date({
        min: new Date("0000-01-01"),
        max: new Date("9999-12-31"),
        noInvalidDate: true
      })
    ],
    ([date]) => {
      assert.strictEqual(found(date.toISOString()), date.getTime())
      assert.strictEqual(found(date.toISOString().replace("Z", "+00:00")), date.getTime())
    }
  )

  it("timestamptz ends a day at 24:00 and not later, and has the leap days of the calendar", () => {
    assert.strictEqual(found("2024-02-29T24:00:00Z"), Date.UTC(2024, 2, 1))
    assert.strictEqual(found("2000-02-29 00:00:00+00"), Date.UTC(2000, 1, 29))
    for (const text of [
      "2024-01-01T24:00:00.001Z",
      "2023-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2024-02-30T00:00:00Z",
      "2024-04-31T00:00:00Z"
    ]) {
      assert.isNaN(found(text), text)
    }
  })

  it("decoding a timestamptz does not depend on the cells before it", () => {
    // Times in the same minute, and times whose minutes differ by a number that a cache of a fixed
    // size could confuse.
    for (const millis of [0, 1, 59_999, 1_021 * 60_000, 2_042 * 60_000 + 1, -60_000, 0]) {
      assert.strictEqual(found(new Date(millis).toISOString()), millis)
    }
  })
})
