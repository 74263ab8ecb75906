/** What has been measured, as it is kept in `results.json`. */
import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"

/** The runs of one program. */
export interface Row {
  readonly name: string
  /** Of what the row measures, where it is a package. */
  readonly version?: string
  readonly runs: ReadonlyArray<number>
}

/** What a figure has to be, as the ratio of two rows' medians. */
export interface Bar {
  readonly row: string
  readonly against: string
  readonly atMost?: number
  readonly atLeast?: number
  /** The row that shows the limit: nothing that does what `row` does takes less. */
  readonly least?: string
}

/** One figure of all programs. */
export interface Table {
  readonly title: string
  readonly unit: string
  readonly decimals: number
  /** The row that the others' ratios are to. */
  readonly reference: string
  readonly rows: ReadonlyArray<Row>
  readonly bars: ReadonlyArray<Bar>
}

/** What one section has measured. */
export interface Measured {
  readonly tables: ReadonlyArray<Table>
  /** What else was seen, each a sentence. */
  readonly remarks: ReadonlyArray<string>
}

/** A section's figures, and where and when they were taken. */
export interface SectionResult extends Measured {
  readonly date: string
  readonly machine: string
}

/** By the sections' names. */
export interface Results {
  readonly [section: string]: SectionResult
}

const file = fileURLToPath(new URL("../../results.json", import.meta.url))

// Nothing but writeResults writes the file.
export const readResults = (): Results => JSON.parse(readFileSync(file, "utf8")) as Results

export const writeResults = (results: Results): void =>
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`)

export const machine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${process.platform}`
