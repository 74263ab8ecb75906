import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Span from "../../page/model/Span.js"

const dates = FastCheck.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2049-12-31T00:00:00Z"),
  noInvalidDate: true
}).map((date) => date.toISOString().slice(0, 10))

const units = FastCheck.constantFrom(...Span.units)

describe("Span", () => {
  it.prop(
    "a span contains the date that it was made for, and can be read from its key",
    [units, dates],
    ([unit, date]) => {
      const span = Span.containing(unit, date)
      assert.isTrue(
        span.first <= date && date < span.end,
        `${date} in ${span.first} to ${span.end}`
      )
      assert.deepStrictEqual(Option.getOrThrow(Span.parse(span.key)), span)
    }
  )

  it.prop("the next span starts at the end of a span", [units, dates], ([unit, date]) => {
    const span = Span.containing(unit, date)
    const next = Span.shift(span, 1)
    assert.strictEqual(next.first, span.end)
    assert.deepStrictEqual(Span.shift(next, -1), span)
  })

  it.prop("wholeWeeks covers a span", [units, dates], ([unit, date]) => {
    const span = Span.containing(unit, date)
    const { first, end } = Span.wholeWeeks(span)
    assert.isTrue(first <= span.first && span.end <= end)
    for (const edge of [first, end]) {
      assert.strictEqual(new Date(`${edge}T00:00:00Z`).getUTCDay(), 1, `${edge} is a Monday`)
    }
  })

  it("the keys of weeks follow ISO 8601", () => {
    const keys = ["2024-12-30", "2026-01-01", "2021-01-03", "2020-12-31"].map(
      (date) => Span.containing("week", date).key
    )
    assert.deepStrictEqual(keys, ["2025-W01", "2026-W01", "2020-W53", "2020-W53"])
  })

  it("parse rejects invalid keys", () => {
    for (const key of [
      "",
      "2025-13",
      "2025-00",
      "2025-W54",
      "2024-W53",
      "2025-Q5",
      "25",
      "2025-6"
    ]) {
      assert.isTrue(Option.isNone(Span.parse(key)), key)
    }
  })
})
