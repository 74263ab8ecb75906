/** The rows of a question as plots or heat maps, one for each series. */

import * as Granularity from "@innerspace-metrics/core/Granularity"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import { UsageError } from "../frame/failure.js"
import type { Output } from "../frame/output.js"
import type { Question } from "../question/question.js"
import { renderHeatMap } from "./heatMap.js"
import { type Point, renderPlot } from "./plot.js"
import { cellText } from "./text.js"

type Row = { readonly [column: string]: unknown }

const floats: ReadonlySet<string> = new Set(["Float", "float8", "numeric", "bigint", "Int"])

/** More series than this would be unreadable on a terminal. */
const mostSeries = 20

export const renderSeries = (
  question: Question,
  rows: ReadonlyArray<Row>,
  format: string,
  output: Output
): Effect.Effect<string, UsageError> =>
  Effect.gen(function* () {
    const { columns, table, time, zone } = question
    if (time === undefined || !columns.includes(time)) {
      return yield* new UsageError(
        `A ${format} needs a time`,
        `Select ${time ?? "a table with times"}`
      )
    }
    const values = columns.filter((name) => {
      const column = table.columns[name]
      return column !== undefined && !column.isKey && floats.has(column.scalar.name)
    })
    if (values.length === 0) {
      return yield* new UsageError(
        `A ${format} needs a number`,
        "Select a column of numbers, such as metric_value"
      )
    }
    const keys = columns.filter((name) => name !== time && !values.includes(name))
    const groups = new Map<string, Array<Row>>()
    for (const row of rows) {
      const name = keys.map((key) => `${key} ${cellText(row[key], { zone })}`).join(", ")
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [row])
      else group.push(row)
    }
    if (groups.size > mostSeries) {
      return yield* new UsageError(
        `The rows are ${groups.size} series by ${keys.join(", ")}, and a ${format} shows at most ${mostSeries}`,
        "Filter them, or print a table"
      )
    }
    const render = format === "plot" ? renderPlot : renderHeatMap
    const parts: Array<string> = []
    for (const [name, group] of groups) {
      for (const value of values) {
        const points = yield* filled(
          question,
          group.map((row) => pointOf(row, time, value))
        )
        parts.push(render(points, name === "" ? value : `${value}, ${name}`, zone, output))
      }
    }
    return parts.length === 0 ? "" : parts.join("\n")
  })

const pointOf = (row: Row, time: string, value: string): Point => {
  const at = row[time]
  const given = row[value]
  const number = given === null || given === undefined ? Number.NaN : Number(given)
  return {
    time: at instanceof Date ? at : new Date(Number.NaN),
    value: Number.isFinite(number) ? number : null
  }
}

/** Adds the periods of the range that have no row, so that a gap is visible. */
const filled = (
  { granularity, range, zone }: Question,
  points: ReadonlyArray<Point>
): Effect.Effect<ReadonlyArray<Point>, UsageError> => {
  const sorted = [...points].sort((one, other) => one.time.getTime() - other.time.getTime())
  if (range === undefined || !Granularity.isGranularity(granularity)) return Effect.succeed(sorted)
  return TimeRange.buckets(range, granularity, zone).pipe(
    Effect.mapBoth({
      onFailure: ({ hint, problem }) => new UsageError(problem, hint),
      onSuccess: (buckets) => {
        const byTime = new Map(sorted.map((point) => [point.time.getTime(), point]))
        const all = buckets.map(({ start }) => {
          const point = byTime.get(start.epochMillis)
          byTime.delete(start.epochMillis)
          return point ?? { time: new Date(start.epochMillis), value: null }
        })
        // A row that is not at the start of a period is shown too.
        return [...all, ...byTime.values()].sort(
          (one, other) => one.time.getTime() - other.time.getTime()
        )
      }
    })
  )
}
