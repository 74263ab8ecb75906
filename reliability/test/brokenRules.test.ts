import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { rules } from "../src/brokenRules/rules.js"
import { changeOf, hasTitle, root, testFiles } from "../src/brokenRules/run.js"
import { withTable } from "../src/brokenRules/table.js"

describe("the rules that `pnpm break-rules` breaks", async () => {
  const files = await testFiles()

  it.each(rules)("the built package has the code and a test of the rule: $rule", async (rule) => {
    const change = changeOf(rule)
    assert.isFalse("problem" in change, "problem" in change ? change.problem : "")
    const [file, title] = rule.test
    const path = files.get(file)
    assert.isDefined(path, `there is no test file ${file}`)
    assert.isTrue(path !== undefined && (await hasTitle(path, title)), `${path}: ${title}`)
  })

  it("the table in RELIABILITY.md has these rules", () => {
    const document = readFileSync(join(root, "RELIABILITY.md"), "utf8")
    assert.strictEqual(withTable(document, rules, files), document)
  })
})
