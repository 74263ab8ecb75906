/** The report of a sync, for people. */
import type { Dataset } from "@innerspace-metrics/export"
import { isDatabase } from "./definition.js"

type Report = Dataset.Report
type Gap = Dataset.Of<Dataset.Gap>

/**
 * Longer lists are in the report of `--json`. A later sync does not report the same restated row
 * again.
 */
const shown = 10

/**
 * Periods without a value that should have one: those that were not measured, and those that are
 * not published although they ended before yesterday.
 */
export const missingIn = (report: Report, yesterday: number): ReadonlyArray<Gap> => [
  ...report.notMeasured,
  ...report.notPublished.filter(({ from, periods, until }) => {
    const start = Date.parse(from)
    return start + (Date.parse(until) - start) / periods <= yesterday
  })
]

export const renderReport = (name: string, report: Report, missing: ReadonlyArray<Gap>): string => {
  const { added, counts, parts, removed } = report
  const kept = isDatabase(name)
    ? "all are in its table innerspace.restated"
    : `all are in the files of ${name.replace(/\/+$/, "")}.restated`
  const periods = missing.reduce((sum, gap) => sum + gap.periods, 0)
  return [
    `${name}: ${added} rows added, ${counts.restated} values restated, ${counts.withdrawn} rows withdrawn, ${counts.late} late, ${periods} periods missing; ${parts.length} parts read`,
    ...(removed.length === 0 ? [] : [`${removed.length} old parts removed`]),
    ...some(
      "restated",
      report.restated,
      ({ after, before, column, key, part }) =>
        `${place(part, key)}: ${column} was ${before} and is ${after}`,
      kept
    ),
    ...some("withdrawn", report.withdrawn, ({ key, part }) => place(part, key), kept),
    ...some(
      "missing",
      missing,
      ({ from, part, periods, series, until }) =>
        `${place(part, series)}: ${periods} periods from ${from} until ${until}`,
      "see --json"
    ),
    ""
  ].join("\n")
}

/** A part, and the values of a key that are not in the part's path. */
const place = (part: string, key: Dataset.Restated["key"]): string => {
  const path = part.replace(/\/part\.parquet$/, "")
  const rest = Object.entries(key)
    .map(([column, value]) => `${column}=${value}`)
    .filter((text) => !path.split("/").includes(text))
  return [path, ...rest].join(" ")
}

const some = <A>(
  title: string,
  list: ReadonlyArray<A>,
  line: (one: A) => string,
  whereAll: string
): ReadonlyArray<string> =>
  list.length === 0
    ? []
    : [
        ...list.slice(0, shown).map((one) => `${title}  ${line(one)}`),
        ...(list.length > shown ? [`${title}  and ${list.length - shown} more; ${whereAll}`] : [])
      ]
