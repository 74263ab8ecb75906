// Checks the test kit in the sandbox's README. The example with `@effect/vitest` is installed with
// the install line of the README. The global setup needs only Vitest, and is checked with each of
// the `versions` of Vitest.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../environment.mjs"
import { fencedBlocks } from "../examples/blocks.mjs"
import { installLines } from "./installLines.mjs"

const document = "packages/sandbox/README.md"
const versions = ["4", "5"]

/** The generations that the setup supports. */
const generations = ["v1", "v1.5", "v2"]

const setupTest = `import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { expect, test } from "vitest"

test("a client of the environment reads the sandbox's schema", async () => {
  const metrics = createMetricsClient()
  expect(Object.keys(await metrics.schema())).not.toHaveLength(0)
  await metrics.close()
})
`

/** Returns checks `[title, "" or the problem]`. `project` makes an empty project with a name. */
export function useTestKit(project) {
  const lines = readFileSync(join(root, document), "utf8").split("\n")
  const blocks = fencedBlocks(lines.map((text, index) => ({ text, line: index + 1, column: 0 })))
  const blockWith = (text) =>
    blocks
      .filter(({ info }) => info === "ts")
      .map(({ lines }) => lines.map(({ text }) => text).join("\n"))
      .find((block) => block.includes(text))
  const install = installLines().find((line) => line.document === document)?.command
  const example = blockWith('from "@effect/vitest"')
  const config = blockWith("globalSetup:")
  if (install === undefined || example === undefined || config === undefined) {
    return [["an install line, a test and a global setup", `${document} does not have all three`]]
  }

  const checks = []
  const kit = project("test-kit")
  kit.write("example.test.ts", example)
  checks.push(["the example", problemOf(kit, [[install], ["npx vitest run"]])])
  for (const version of versions) {
    const consumer = project(`test-kit-${version}`)
    consumer.write("vitest.config.ts", config)
    consumer.write("client.test.ts", setupTest)
    const packages = ["core", "node-adapter", "sandbox"].map(
      (name) => `@innerspace-metrics/${name}`
    )
    checks.push([
      `the global setup, Vitest ${version}`,
      problemOf(consumer, [
        [`npm install --loglevel error ${packages.join(" ")} vitest@${version} ${peers}`],
        ...generations.map((INNERSPACE_API) => ["npx vitest run", { INNERSPACE_API }])
      ])
    ])
  }
  return checks
}

/**
 * The version of the peer dependency is given, because `effect@latest` is not the version that the
 * packages need.
 */
const peers = '"effect@^3.22.0"'

function problemOf(project, steps) {
  for (const [command, environment] of steps) {
    const { output, status } = project.run("sh", ["-c", command], environment)
    if (status !== 0) {
      return `${command} (${JSON.stringify(environment ?? {})}) ended with ${status}:\n${output}`
    }
  }
  return ""
}
