/** The results as BENCHMARKS.md. */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Bar, Results, Row, SectionResult, Table } from "./results.js"
import type { Section } from "./section.js"

const file = fileURLToPath(new URL("../../../BENCHMARKS.md", import.meta.url))

export const writeReport = (sections: ReadonlyArray<Section>, results: Results): void =>
  writeFileSync(file, report(sections, results))

const introduction = `# Benchmarks

\`npm run bench\` measures all of this and writes this file; \`npm run bench -- requests decode\` measures some sections and replaces
these alone. The figures are in [\`bench/results.json\`](bench/results.json), the programs in [\`bench/src\`](bench/src), and what
each section does in [\`bench/README.md\`](bench/README.md).

Every program runs in a process of its own. The programs take turns, A B C, A B C, so that whatever changes on the machine meets all of them. A table
has each program's median, the lowest and the highest of its runs, and the ratio of its median to that of one program. A bar is what
this project asks of itself.
`

const report = (sections: ReadonlyArray<Section>, results: Results): string =>
  [
    introduction,
    ...sections.flatMap((section) => {
      const result = results[section.name]
      return result === undefined ? [] : [sectionText(section, result)]
    })
  ].join("\n")

const sectionText = ({ name, text, title }: Section, result: SectionResult): string =>
  `## ${title}

${text}

\`npm run bench -- ${name}\`, ${result.date}, ${result.machine}.

${result.tables.map(tableText).join("\n")}${result.remarks.map((remark) => `\n${remark}\n`).join("")}`

const tableText = (table: Table): string => {
  const reference = medianOf(table, table.reference)
  const number = (value: number) => format(value, table.decimals)
  const rows = table.rows.map(({ name, runs, version }) =>
    [
      name,
      version ?? "",
      number(median(runs)),
      runs.length === 1 ? "" : `${number(Math.min(...runs))} to ${number(Math.max(...runs))}`,
      format(median(runs) / reference, 2)
    ].join(" | ")
  )
  const runs = table.rows.map(({ name, runs }) => `${name}: ${runs.map(number).join(" ")}`)
  return `### ${table.title}

| | version | ${table.unit} | lowest to highest | ratio to ${table.reference} |
| --- | --- | ---: | ---: | ---: |
${rows.map((row) => `| ${row} |`).join("\n")}
${table.bars.map((bar) => `\n${barText(table, bar)}\n`).join("")}
<details><summary>Every run</summary>

\`\`\`text
${runs.join("\n")}
\`\`\`

</details>
`
}

const barText = (table: Table, bar: Bar): string => {
  const limit =
    bar.atMost === undefined ? `at least ${bar.atLeast}` : `at most ${format(bar.atMost, 2)}`
  const ratio = format(ratioOf(table, bar), 2)
  const sentence = `${bar.row} is to be ${limit} times ${bar.against}, and is ${ratio} times.`
  if (isMet(table, bar)) return `Met: ${sentence}`
  const { against, least } = bar
  return `**Not met**: ${sentence}${
    least === undefined
      ? ""
      : ` The least that it can be is that of ${least}: ${format(ratioOf(table, { row: least, against }), 2)} times.`
  }`
}

const ratioOf = (table: Table, { against, row }: Bar): number =>
  medianOf(table, row) / medianOf(table, against)

const isMet = (table: Table, bar: Bar): boolean => {
  const ratio = ratioOf(table, bar)
  return ratio <= (bar.atMost ?? Number.POSITIVE_INFINITY) && ratio >= (bar.atLeast ?? 0)
}

const medianOf = ({ rows }: Table, name: string): number => {
  const row: Row | undefined = rows.find((row) => row.name === name)
  if (row === undefined) throw new Error(`There is no row "${name}"`)
  return median(row.runs)
}

const median = (runs: ReadonlyArray<number>): number => {
  const sorted = [...runs].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

const format = (value: number, decimals: number): string =>
  value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals
  })
