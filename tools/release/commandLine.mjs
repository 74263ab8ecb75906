// The command line, installed by itself as users of other languages install it.

const question =
  "--where building_id=71 --metric occupancy_mean --granularity P1D --range 2024-03-05 --zone America/Chicago --json"

/** Installs the command line and asks a question. Returns checks `[title, "" or the problem]`. */
export function useCommandLine(project, packageName, sandbox) {
  const installed = project.install([packageName])
  if (installed.status !== 0) return [["install", installed.output]]
  const problemOf = (line, expected) => {
    const args = ["--no-install", "innerspace", ...line.split(" ")]
    const { output, status } = project.run("npx", args, sandbox)
    return status === 0 && expected.test(output) ? "" : `it ended with ${status}:\n${output}`
  }
  return [
    ["install", ""],
    ["innerspace --help", problemOf("--help", /innerspace query/)],
    ["innerspace query", problemOf(`query building_metrics ${question}`, /"ok": ?true/)],
    [
      "innerspace export",
      problemOf(`export building_metrics day.parquet ${question}`, /"ok": ?true/)
    ]
  ]
}
