/**
 * Writes the measurements. BENCHMARKS.md has the results on one page, and RUNS.md has every run.
 */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Results } from "../results.js"
import type { Section } from "../section.js"
import { onePage, type Page } from "./page.js"
import { allRuns } from "./runs.js"

const fileOf = (path: string): string =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

export const writeReport = (
  sections: ReadonlyArray<Section>,
  page: Page,
  results: Results
): void => {
  writeFileSync(fileOf("BENCHMARKS.md"), onePage(page, results))
  writeFileSync(fileOf("bench/RUNS.md"), allRuns(sections, results))
}
