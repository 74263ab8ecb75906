/** Writes the rules as a table in Markdown. */
import type { Rule } from "./rule.js"

const head = [
  "| rule | broken in | change (before: after) | test that fails |",
  "| --- | --- | --- | --- |"
] as const

/** Replaces the table in the document by the table of these rules. */
export const withTable = (
  document: string,
  rules: ReadonlyArray<Rule>,
  testFiles: ReadonlyMap<string, string>
): string => {
  const begin = document.indexOf(head[0])
  return (
    document.slice(0, begin) +
    table(rules, testFiles) +
    document.slice(document.indexOf("\n\n", begin))
  )
}

const table = (rules: ReadonlyArray<Rule>, testFiles: ReadonlyMap<string, string>): string =>
  [
    ...head,
    ...rules.map(({ file, from, rule, test: [testFile, title], to }) => {
      const change = to === "" ? `${code(from)} removed` : `${code(from)}: ${code(to)}`
      return `| ${rule} | ${code(file)} | ${change} | ${code(testFiles.get(testFile) ?? testFile)}: ${cell(title)} |`
    })
  ].join("\n")

const code = (text: string): string => `\`${cell(text)}\``

/**
 * Code as the text of a cell. Lines are joined, and bars are escaped, because a bar would end the
 * cell.
 */
const cell = (text: string): string => text.replace(/\s+/g, " ").trim().replaceAll("|", "\\|")
