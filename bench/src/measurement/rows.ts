/**
 * The rows of a table. A row has the name of a program, the runs, and the version if the program is
 * from another project.
 */
import type { Row } from "./results.js"
import { versionOf } from "./versions.js"

export const rowsOf = <Program extends { readonly name: string; readonly of?: string }>(
  programs: ReadonlyArray<Program>,
  runsOf: (program: Program) => Row["runs"]
): ReadonlyArray<Row> =>
  programs.map((program) => ({
    name: program.name,
    ...(program.of === undefined ? {} : { version: versionOf(program.of) }),
    runs: runsOf(program)
  }))
