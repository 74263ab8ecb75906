/**
 * Measures, and writes BENCHMARKS.md and RUNS.md.
 *
 *   node dist/main.js [sections] [--quick | --report]
 *
 * `--quick` is for CI. It measures a little in each section, and writes nothing. It fails if a
 * program fails, but not because a program is slow. `--report` measures nothing. It writes the
 * documents from results.json.
 */
import { build } from "./build/section.js"
import { bundle } from "./bundle/section.js"
import { cli } from "./cli/section.js"
import { coldStart } from "./coldStart/section.js"
import { columns } from "./columns/section.js"
import { dashboard } from "./dashboard/section.js"
import { decode } from "./decode/section.js"
import { exports } from "./export/section.js"
import { writeReport } from "./measurement/report/report.js"
import { machine, type Results, readResults, writeResults } from "./measurement/results.js"
import type { Section } from "./measurement/section.js"
import { page } from "./page.js"
import { requests } from "./requests/section.js"
import { stream } from "./stream/section.js"
import { types } from "./types/section.js"

const sections: ReadonlyArray<Section> = [
  requests,
  dashboard,
  build,
  decode,
  columns,
  stream,
  exports,
  coldStart,
  cli,
  bundle,
  types
]

const args = process.argv.slice(2)
const isQuick = args.includes("--quick")
const names = args.filter((arg) => !arg.startsWith("--"))
const unknown = names.filter((name) => !sections.some((section) => section.name === name))
if (unknown.length > 0) {
  console.error(
    `There is no section "${unknown[0]}". Choose from: ${sections.map(({ name }) => name).join(", ")}.`
  )
  process.exit(1)
}

const measure = async (section: Section): Promise<void> => {
  const begun = performance.now()
  process.stderr.write(`${section.name}\n`)
  const measured = await section.measure(isQuick)
  process.stderr.write(`  ${section.name}: ${((performance.now() - begun) / 1000).toFixed(0)} s\n`)
  if (isQuick) return
  const date = new Date().toISOString().slice(0, 10)
  const results: Results = {
    ...readResults(),
    [section.name]: { date, machine: machine(), ...measured }
  }
  writeResults(results)
  writeReport(sections, page, results)
}

if (args.includes("--report")) {
  writeReport(sections, page, readResults())
  console.log("bench: BENCHMARKS.md and bench/RUNS.md are written")
  process.exit(0)
}

const queue = sections.filter(({ name }) => names.length === 0 || names.includes(name))
const measureInTurn = async (): Promise<void> => {
  for (let section = queue.shift(); section !== undefined; section = queue.shift()) {
    await measure(section)
  }
}
// Quick runs are not timed, so two may share the machine.
await Promise.all(Array.from({ length: isQuick ? 2 : 1 }, measureInTurn))
console.log(
  isQuick ? "bench: every program works" : "bench: BENCHMARKS.md and bench/RUNS.md are written"
)
