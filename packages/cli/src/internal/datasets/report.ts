/** The report of a sync, for people. */
import type { Dataset } from "@innerspace-metrics/export"
import { isDatabase } from "./definition.js"

type Report = Dataset.Report
type Gap = Dataset.Of<Dataset.Gap>

/**
 * The largest number of entries that are printed for each list. With `--json`, the report has up to
 * 10,000 entries for each list. A later sync does not report a restated row again.
 */
const shown = 10

/**
 * Periods that should have a row but have none: a period that was not measured, or a period that
 * ended before yesterday and is still not published.
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

/**
 * The path of a part (one file of the dataset), and those values of the key that the path does not
 * contain.
 */
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
