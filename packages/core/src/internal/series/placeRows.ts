/** Places rows in their periods. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Granularity } from "../../Granularity.js"
import { SeriesError } from "../../SeriesError.js"
import type { Interval } from "../../TimeRange.js"
import { float } from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import type { Zone } from "../time/calendar.js"
import { instantOf } from "../time/instant.js"
import { isStart } from "../time/periods.js"

/** The periods in which rows are placed. */
export interface Frame {
  readonly granularity: Granularity
  readonly zone: Zone
  readonly periods: ReadonlyArray<Interval>
  readonly start: number
  readonly end: number
  readonly indexByStart: ReadonlyMap<number, number>
}

/** Fails if the first or the last period is cut, because a row would belong to the whole period. */
export const makeFrame = (
  periods: ReadonlyArray<Interval>,
  granularity: Granularity,
  zone: Zone
): Either.Either<Frame, SeriesError> => {
  const start = periods[0]?.start.epochMillis ?? 0
  const end = periods[periods.length - 1]?.end.epochMillis ?? 0
  const cut = [start, end].find((at) => !isStart(at, granularity, zone))
  return cut === undefined
    ? Either.right({
        granularity,
        zone,
        periods,
        start,
        end,
        indexByStart: new Map(periods.map((period, index) => [period.start.epochMillis, index]))
      })
    : Either.left(
        new SeriesError({
          reason: "PartialPeriod",
          problem: `The range ${cut === start ? "begins" : "ends"} at ${instant(cut)}, within a period of ${granularity} in ${zone.id}`,
          hint: "Pass a range of whole periods, and the zone of the building"
        })
      )
}

/** The value of each period that has a row, by the period's index; null if the row has no value. */
export type Placed = ReadonlyMap<number, number | null>

export const placeRows = <Row>(
  rows: Iterable<readonly [number: number, row: Row]>,
  time: string & keyof Row,
  value: string & keyof Row,
  frame: Frame
): Either.Either<Placed, SeriesError> =>
  Either.gen(function* () {
    const placed = new Map<number, number | null>()
    const rowOf = new Map<number, number>()
    for (const [number, row] of rows) {
      const at = yield* readTime(row[time], number, time)
      const index = frame.indexByStart.get(at)
      if (index === undefined) return yield* Either.left(misplaced(at, number, time, frame))
      const earlier = rowOf.get(index)
      if (earlier !== undefined) {
        return yield* Either.left(
          new SeriesError({
            reason: "DuplicateRow",
            problem: `Rows ${earlier} and ${number} are both in the period ${frame.granularity} that starts at ${instant(at)}`,
            hint: "Select one metric, one group and one space, or pivot by the column that distinguishes the rows",
            row: number,
            column: time
          })
        )
      }
      rowOf.set(index, number)
      placed.set(index, yield* readValue(row[value], number, value))
    }
    return placed
  })

const readTime = (cell: unknown, row: number, column: string): Either.Either<number, SeriesError> =>
  Either.fromOption(
    instantOf(cell),
    () =>
      new SeriesError({
        reason: "InvalidTime",
        problem: `${column} of row ${row} is ${shorten(cell)}, expected a DateTime or a Date`,
        hint: "Name the column that holds the start of the period; rows of Query.raw hold text",
        row,
        column
      })
  )

const readValue = (
  cell: unknown,
  row: number,
  column: string
): Either.Either<number | null, SeriesError> =>
  cell === null
    ? Either.right(null)
    : Either.fromOption(
        Option.filter(toNumber(cell), Number.isFinite),
        () =>
          new SeriesError({
            reason: "InvalidValue",
            problem: `${column} of row ${row} is ${shorten(cell)}, expected a finite number`,
            hint: "Name the column that holds the metric's number",
            row,
            column
          })
      )

/** `None` for an integer that a number cannot hold exactly, whether it is a bigint or text. */
const toNumber = (cell: unknown): Option.Option<number> => {
  if (typeof cell === "number") return Option.some(cell)
  if (typeof cell === "bigint") {
    return Option.liftPredicate(Number(cell), Number.isSafeInteger)
  }
  if (typeof cell === "string") {
    return Option.filter(
      Either.getRight(float(cell)),
      (number) => !/^[+-]?\d+$/.test(cell) || Number.isSafeInteger(number)
    )
  }
  return BigDecimal.isBigDecimal(cell)
    ? Option.some(BigDecimal.unsafeToNumber(cell))
    : Option.none()
}

const misplaced = (
  at: number,
  row: number,
  column: string,
  { granularity, zone, start, end }: Frame
): SeriesError =>
  at < start || at >= end
    ? new SeriesError({
        reason: "RowOutsideRange",
        problem: `Row ${row} is at ${instant(at)}, outside the range from ${instant(start)} to ${instant(end)}`,
        hint: "Pass the range of the query",
        row,
        column
      })
    : new SeriesError({
        reason: "RowWithinPeriod",
        problem: `Row ${row} is at ${instant(at)}, where no period of ${granularity} starts in ${zone.id}`,
        hint: "Pass the zone of the building, and query one granularity",
        row,
        column
      })

const instant = (millis: number): string => DateTime.formatIso(DateTime.unsafeMake(millis))

/** Groups rows with their numbers by the value of a column, in the order of their first rows. */
export const groupRows = <Row, By extends string & keyof Row>(
  rows: ReadonlyArray<Row>,
  by: By
): Either.Either<Map<Row[By], Array<readonly [number, Row]>>, SeriesError> => {
  const groups = new Map<Row[By], Array<readonly [number, Row]>>()
  for (const [number, row] of rows.entries()) {
    const key = row[by]
    if (key === undefined || (typeof key === "object" && key !== null)) {
      return Either.left(
        new SeriesError({
          reason: "InvalidKey",
          problem: `${by} of row ${number} is ${shorten(key)}, which cannot identify a series`,
          hint: "Pivot by a column of text, numbers or booleans that the query selects",
          row: number,
          column: by
        })
      )
    }
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [[number, row]])
    else group.push([number, row])
  }
  return Either.right(groups)
}
