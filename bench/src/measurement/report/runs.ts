/** Writes RUNS.md, which has all tables of all sections with all runs. */

import type { Bar, Results, SectionResult, Table } from "../results.js"
import type { Section } from "../section.js"
import { findRow, format, isMet, limitOf, median, medianOf, ratioOf, wrap } from "./figures.js"

const introduction = `# Every run of the benchmarks

\`npm run bench\` writes this file from [\`results.json\`](results.json). [BENCHMARKS.md](../BENCHMARKS.md) is the page to read first, and
[README.md](README.md) says how the programs work.

Each program runs in a process of its own, and the programs take turns (A B C, A B C), so that a change of the machine's load affects all of
them equally. A table shows the median of each program's runs, the lowest and the highest run, and the ratio of the median to that of one program.
A target is a limit that this project sets for itself.

## Targets that are not met

Each is a ratio of two medians. A line with two ratios combines two tables of its section.

| section | program | ratio to | measured | target | lower bound |
| --- | --- | --- | ---: | ---: | ---: |
`

export const allRuns = (sections: ReadonlyArray<Section>, results: Results): string => {
  const measured = sections.flatMap((section) => {
    const result = results[section.name]
    return result === undefined ? [] : [{ section, result }]
  })
  const missed = measured.flatMap(({ result, section }) => missedTargets(section.name, result))
  return [
    `${introduction}${missed.join("\n")}\n`,
    ...measured.map(({ result, section }) => sectionText(section, result))
  ].join("\n")
}

const sectionText = ({ name, text, title }: Section, result: SectionResult): string =>
  `## ${title}

${wrap(text)}

\`npm run bench -- ${name}\`, ${result.date}, ${result.machine}.

${result.tables.map(tableText).join("\n")}${result.remarks.map((remark) => `\n${wrap(remark)}\n`).join("")}`

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
  const bars = table.bars.map((bar) => `${wrap(barText(table, bar), "  ")}\n`).join("")
  return `### ${table.title}

| | version | ${table.unit} | lowest to highest | ratio to ${table.reference} |
| --- | --- | ---: | ---: | ---: |
${rows.map((row) => `| ${row} |`).join("\n")}
${bars === "" ? "" : `\n${bars}`}
<details><summary>Every run</summary>

\`\`\`text
${runs.join("\n")}
\`\`\`

</details>
`
}

const barText = (table: Table, bar: Bar): string => {
  const { against, least, row } = bar
  const state = isMet(table, bar) ? "Met" : "**Not met**"
  const ratio = format(ratioOf(table, row, against), 2)
  const sentence = `- ${state}: ${row} is ${ratio} times ${against}. The target is ${limitOf(bar)}.`
  // If an older version of the program measured the section, the row may be missing.
  return least === undefined || isMet(table, bar) || findRow(table, least) === undefined
    ? sentence
    : `${sentence} The lower bound is ${format(ratioOf(table, least, against), 2)} (${least}).`
}

/** The targets that are not met. Equal targets of several tables share one line. */
const missedTargets = (section: string, { tables }: SectionResult): ReadonlyArray<string> => {
  const lines = new Map<string, { ratios: Array<string>; bounds: Array<string> }>()
  for (const table of tables) {
    for (const bar of table.bars.filter((bar) => !isMet(table, bar))) {
      const { against, least, row } = bar
      const key = `${row} | ${against} | ${limitOf(bar)}`
      const line = lines.get(key) ?? { ratios: [], bounds: [] }
      line.ratios.push(format(ratioOf(table, row, against), 2))
      if (least !== undefined) line.bounds.push(format(ratioOf(table, least, against), 2))
      lines.set(key, line)
    }
  }
  return [...lines].map(([key, { bounds, ratios }]) => {
    const [row, against, limit] = key.split(" | ")
    return `| \`${section}\` | ${row} | ${against} | ${ratios.join(", ")} | ${limit} | ${bounds.join(", ")} |`
  })
}
