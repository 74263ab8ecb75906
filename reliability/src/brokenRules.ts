/**
 * Breaks each rule of `brokenRules/rules.ts` in the built package and runs the rule's test, which
 * must fail. Do not run other tests at the same time.
 *
 * - `pnpm break-rules` breaks all rules, and writes the table in `RELIABILITY.md`.
 * - `pnpm break-rules budget` breaks only the rules with "budget" in their names.
 * - `pnpm break-rules --table` writes the table without breaking a rule, for example after files
 *   have moved.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Rule } from "./brokenRules/rule.js"
import { rules } from "./brokenRules/rules.js"
import { root, runRule, testFiles } from "./brokenRules/run.js"
import { withTable } from "./brokenRules/table.js"

const [, , word = ""] = process.argv
const files = await testFiles()

const writeTable = (): void => {
  const path = join(root, "RELIABILITY.md")
  writeFileSync(path, withTable(readFileSync(path, "utf8"), rules, files))
}

const breakRules = async (chosen: ReadonlyArray<Rule>): Promise<void> => {
  // On Ctrl-C, the process ends by `exit`, whose handler restores the broken file.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1))
  let failed = 0
  for (const rule of chosen) {
    const { problem } = await runRule(rule, files)
    if (problem !== undefined) failed++
    console.log(
      problem === undefined ? `tested  ${rule.rule}` : `FAILED  ${rule.rule}\n    ${problem}`
    )
  }
  console.log(`${chosen.length - failed} tested, ${failed} failed`)
  if (failed > 0 || chosen.length === 0) process.exitCode = 1
  else if (chosen.length === rules.length) writeTable()
}

if (word === "--table") writeTable()
else {
  await breakRules(rules.filter(({ rule }) => rule.toLowerCase().includes(word.toLowerCase())))
}
