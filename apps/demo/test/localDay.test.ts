import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { clock, type HourlyValue, localDays } from "../src/LocalDay.js"

const chicago = DateTime.zoneUnsafeMakeNamed("America/Chicago")

/** Returns this number of hours, from an instant on. The value of each hour is its index. */
const hoursFrom = (start: string, count: number): ReadonlyArray<HourlyValue> =>
  Array.from({ length: count }, (_, index) => ({
    start: DateTime.add(DateTime.unsafeMake(start), { hours: index }),
    value: index
  }))

describe("localDays", () => {
  it("localDays gives every hour of a 24-hour day its value", () => {
    assert.deepStrictEqual(
      localDays(hoursFrom("2024-01-01T06:00:00Z", 24), chicago).map(({ hours }) => hours),
      [clock]
    )
  })

  it("localDays leaves out the hour that clocks skip", () => {
    const days = localDays(hoursFrom("2024-03-10T06:00:00Z", 24), chicago)
    assert.deepStrictEqual(
      days.map(({ length }) => length),
      [23, 24]
    )
    assert.deepStrictEqual(days[0]?.hours.slice(0, 5), [0, 1, undefined, 2, 3])
    assert.deepStrictEqual(days[1]?.hours.slice(0, 2), [23, undefined])
  })

  it("localDays uses the mean for the hour that clocks repeat", () => {
    const days = localDays(hoursFrom("2024-11-03T05:00:00Z", 25), chicago)
    assert.deepStrictEqual(
      days.map(({ length }) => length),
      [25]
    )
    assert.deepStrictEqual(days[0]?.hours.slice(0, 4), [0, 1.5, 3, 4])
  })

  it("localDays keeps days without values, and distinguishes no value from 0", () => {
    const days = localDays(
      [
        { start: DateTime.unsafeMake("2024-01-01T06:00:00Z"), value: 0 },
        { start: DateTime.unsafeMake("2024-01-01T07:00:00Z"), value: null },
        { start: DateTime.unsafeMake("2024-01-03T06:00:00Z"), value: 2 }
      ],
      chicago
    )
    assert.deepStrictEqual(
      days.map(({ midnight, hours }) => [DateTime.formatIsoDate(midnight), ...hours.slice(0, 2)]),
      [
        ["2024-01-01", 0, undefined],
        ["2024-01-02", undefined, undefined],
        ["2024-01-03", 2, undefined]
      ]
    )
  })
})
