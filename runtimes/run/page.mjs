// Makes the tables of runtimes in the documentation from the results of the matrix.

import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { groups } from "../checks/index.mjs"

const file = join(import.meta.dirname, "../../docs/guide/runtimes.md")
const [begin, end] = ["<!-- runtimes:begin -->", "<!-- runtimes:end -->"]

/** Writes the tables. A runtime that was skipped keeps its row. */
export function writePage(reports) {
  writeFileSync(file, pageWith(reports))
}

/**
 * Whether the page shows these results. Versions of browsers are not compared, because they depend
 * on the machine.
 */
export function isUpToDate(reports) {
  return withoutVersions(readFileSync(file, "utf8")) === withoutVersions(pageWith(reports))
}

function pageWith(reports) {
  const page = readFileSync(file, "utf8")
  const [before, rest] = page.split(begin)
  const [old, after] = (rest ?? "").split(end)
  if (after === undefined) throw new Error(`${file} has no ${begin} or no ${end}`)
  const rows = reports.map((report) => rowOf(report) ?? oldRow(old, report.name))
  const table = [
    "| runtime | tested version | adapter | checks passed |",
    "| --- | --- | --- | --- |",
    ...rows
  ]
  const checks = Object.entries(groups).map(
    ([group, checks]) => `- ${group}: ${checks.map(({ title }) => title).join("; ")}`
  )
  return `${before}${begin}\n\n${table.join("\n")}\n\n### The checks\n\n${checks.join("\n")}\n\n${end}${after}`
}

function rowOf({ adapter, name, results, version }) {
  if (results === undefined) return undefined
  const passed = results.filter(({ error }) => error === undefined).length
  return `| ${name} | ${version} | \`${adapter}\` | ${passed} of ${results.length} |`
}

function oldRow(old, name) {
  return (
    old.split("\n").find((line) => line.startsWith(`| ${name} |`)) ?? `| ${name} | not run | | |`
  )
}

function withoutVersions(page) {
  return page.replace(/^(\| [\w ]+ \| )[\d.]+ \|/gm, "$1 |")
}
