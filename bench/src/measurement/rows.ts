/**
 * The row of a table for each program: its name, its version if it is another project's, and its
 * runs.
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
