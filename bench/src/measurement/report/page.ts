/** Writes BENCHMARKS.md, one page with verdicts and results. It shows only medians. */

import type { Results, SectionResult, Table } from "../results.js"
import { findRow, format, isMet, median, ratioOf, wrap } from "./figures.js"

/** Compares one row of a table with other rows of the table. A lower figure is better. */
export interface Comparison {
  readonly table: string
  readonly row: string
  /**
   * The beginning of a sentence that says how the row is better, such as "A new query uses less
   * CPU".
   */
  readonly better: string
  readonly against: ReadonlyArray<string>
}

/** One line of the table of verdicts. */
export interface Verdict {
  readonly section: string
  /** The name of the measured quantity. */
  readonly measured: string
  readonly comparisons: ReadonlyArray<Comparison>
  /** The verdict if every target is met, and the verdict if a target is not met. */
  readonly targets?: { readonly met: string; readonly notMet: string }
}

/** Some rows of some tables, side by side. */
export interface Figures {
  readonly title: string
  readonly text: string
  /** The section whose remarks are printed after the text. */
  readonly remarksOf?: string
  readonly rows: ReadonlyArray<string>
  readonly columns: ReadonlyArray<{
    readonly section: string
    readonly table: string
    readonly head: string
    /** The suffix that the names of rows have in this table. */
    readonly suffix?: string
  }>
}

export interface Page {
  readonly verdicts: ReadonlyArray<Verdict>
  readonly figures: ReadonlyArray<Figures>
}

const introduction = (measured: string): string => `# Benchmarks

${wrap(`This page has the results. [bench/RUNS.md](bench/RUNS.md) has every run, the spread and the versions of the peers, and
[bench/README.md](bench/README.md) says how the programs work. \`npm run bench\` measures everything and writes both files;
\`npm run bench -- requests decode\` measures the sections that it names.`)}

${wrap(`Measured ${measured}. A figure is the median of seven runs, of 21 in \`coldStart\`, of fewer in \`columns\`, and of one in \`stream\` and \`bundle\`. The runs of one
program can differ by more than a factor of two, so a difference of a few percent proves nothing.`)}
`

export const onePage = ({ figures, verdicts }: Page, results: Results): string => {
  const measured = verdicts.flatMap((verdict) => {
    const result = results[verdict.section]
    return result === undefined ? [] : [{ verdict, result }]
  })
  const machines = new Set(measured.map(({ result }) => result.machine))
  const dates = measured.map(({ result }) => result.date).sort()
  return `${introduction(`${period(dates)} on ${[...machines].join(" and on ")}`)}
## Verdicts

| section | what is measured | verdict | targets met |
| --- | --- | --- | ---: |
${measured.map(({ verdict, result }) => verdictRow(verdict, result)).join("\n")}

${wrap(`A number in brackets is the figure of innerspace-metrics divided by that of the peer. A target is a limit that this project sets for
itself. [RUNS.md](bench/RUNS.md#targets-that-are-not-met) lists those that are not met.`)}

${figures.map((shown) => figuresText(shown, results)).join("\n")}`
}

const period = (dates: ReadonlyArray<string>): string => {
  const [first, last] = [dates[0], dates.at(-1)]
  return first === last ? `on ${first}` : `from ${first} to ${last}`
}

const findTable = (result: SectionResult, title: string): Table => {
  const table = result.tables.find((table) => table.title === title)
  if (table === undefined) throw new Error(`There is no table "${title}": measure that section`)
  return table
}

const verdictRow = (verdict: Verdict, result: SectionResult): string => {
  const { comparisons, measured, section, targets } = verdict
  const bars = result.tables.flatMap((table) => table.bars.map((bar) => isMet(table, bar)))
  const met = bars.filter(Boolean).length
  const sentences = [
    ...comparisons.map((comparison) => compare(comparison, result)),
    ...(targets === undefined ? [] : [met === bars.length ? targets.met : targets.notMet])
  ]
  return `| \`${section}\` | ${measured} | ${sentences.join(" ")} | ${met} of ${bars.length} |`
}

const compare = (comparison: Comparison, result: SectionResult): string => {
  const { against, better, row } = comparison
  const table = findTable(result, comparison.table)
  const ratios = against.map((name) => ({
    name,
    // Rounded to the decimals in the document, because a difference that the document does not show
    // must not count.
    ratio: Math.round(ratioOf(table, row, name) * 100) / 100
  }))
  const equal = ratios.filter(({ ratio }) => ratio === 1)
  const worse = ratios.filter(({ ratio }) => ratio > 1)
  const wins = against.length - equal.length - worse.length
  const count =
    wins === 0
      ? `none of the ${against.length} peers`
      : wins === against.length
        ? `${wins === 2 ? "both" : `all ${wins}`} peers`
        : `${wins} of ${against.length} peers`
  return [
    `${better} than ${count}.`,
    ...(equal.length === 0 ? [] : [`It equals ${list(equal.map(({ name }) => `\`${name}\``))}.`]),
    ...(worse.length === 0
      ? []
      : [
          `It loses to ${list(worse.map(({ name, ratio }) => `\`${name}\` (${format(ratio, 2)} times)`))}.`
        ])
  ].join(" ")
}

const list = (parts: ReadonlyArray<string>): string =>
  [parts.slice(0, -1).join(", "), ...parts.slice(-1)].filter((part) => part !== "").join(" and ")

const figuresText = (
  { columns, remarksOf, rows, text, title }: Figures,
  results: Results
): string => {
  const cell = (
    name: string,
    { section, suffix = "", table: tableTitle }: Figures["columns"][0]
  ) => {
    const result = results[section]
    if (result === undefined) return "–"
    const table = findTable(result, tableTitle)
    const row = findRow(table, `${name}${suffix}`)
    return row === undefined ? "–" : format(median(row.runs), table.decimals)
  }
  const remarks = remarksOf === undefined ? [] : (results[remarksOf]?.remarks ?? [])
  return `## ${title}

${wrap([text, ...remarks].join(" "))}

| | ${columns.map(({ head }) => head).join(" | ")} |
| --- |${columns.map(() => " ---: |").join("")}
${rows.map((name) => `| ${name} | ${columns.map((column) => cell(name, column)).join(" | ")} |`).join("\n")}
`
}
