// Uses the command line without other packages, as users of other programming languages install it.

import { join } from "node:path"
import { readJson } from "../shared/tarballs.mjs"

const question =
  "--where building_id=71 --metric occupancy_mean --granularity P1D --range 2024-03-05 --zone America/Chicago --json"

/**
 * Installs the command line and runs a query. If `node` is given, uses that version of Node.
 * Returns checks `[title, "" or the problem]`.
 */
export function useCommandLine(project, packageName, sandbox, node) {
  const installed = project.install([packageName, ...(node === undefined ? [] : [node.specifier])])
  if (installed.status !== 0) return [["install", installed.output]]
  const run = (args) => {
    if (node === undefined) {
      return project.run("npx", ["--no-install", "innerspace", ...args], sandbox)
    }
    const home = join("node_modules", packageName)
    const { bin } = readJson(join(project.directory, home, "package.json"))
    return project.run(node.command, [join(home, bin.innerspace), ...args], sandbox)
  }
  const problemOf = (line, expected) => {
    const { output, status } = run(line.split(" "))
    return status === 0 && expected.test(output) ? "" : `it ended with ${status}:\n${output}`
  }
  return [
    ["install", ""],
    ["innerspace --help", problemOf("--help", /innerspace query/)],
    ["innerspace doctor", problemOf("doctor --only token --only runtime", /ok +runtime\.node/)],
    ["innerspace query", problemOf(`query building_metrics ${question}`, /"ok": ?true/)],
    [
      "innerspace export",
      problemOf(`export building_metrics day.parquet ${question}`, /"ok": ?true/)
    ]
  ]
}
