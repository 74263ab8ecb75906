/** Places rows in their periods. */
import * as BigDecimal from "effect/BigDecimal"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { SeriesError } from "../../SeriesError.js"
import { float } from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import { formatInstant, instantOf } from "../time/instant.js"
import type { Frame, Placed } from "./frame.js"
import { otherRules } from "./zoneRules.js"

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
            problem: `Rows ${earlier} and ${number} are both in the period ${frame.granularity} that starts at ${formatInstant(at)}`,
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
        hint: "Set start to the column with the start of the period. Query.raw leaves it as text",
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
            hint: "Set value to the column with the metric's number",
            row,
            column
          })
      )

/**
 * Returns a cell as a `number`. `None` if the cell is not a number. Also `None` for a `bigint` or
 * an integer as text that a `number` would round.
 */
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

const misplaced = (at: number, row: number, column: string, frame: Frame): SeriesError =>
  otherRules(at, row, column, frame) ??
  (at < frame.start || at >= frame.end
    ? new SeriesError({
        reason: "RowOutsideRange",
        problem: `Row ${row} is at ${formatInstant(at)}, outside the range from ${formatInstant(frame.start)} to ${formatInstant(frame.end)}`,
        hint: "Pass the range of the query",
        row,
        column
      })
    : new SeriesError({
        reason: "RowWithinPeriod",
        problem: `Row ${row} is at ${formatInstant(at)}, where no period of ${frame.granularity} starts in ${frame.zone.id}`,
        hint: "Pass the zone of the building, and query one granularity",
        row,
        column
      }))

/**
 * Groups rows by the value of a column. A group contains each row with the row's number. The groups
 * are in the order of their first rows.
 */
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
