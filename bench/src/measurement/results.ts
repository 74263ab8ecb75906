/** The measurements, as `results.json` stores them. */
import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"

/** The runs of one program. */
export interface Row {
  readonly name: string
  /** The version of the measured package, if the row measures a package. */
  readonly version?: string
  readonly runs: ReadonlyArray<number>
}

/** The target of a figure, as the ratio of two rows' medians. */
export interface Bar {
  readonly row: string
  readonly against: string
  readonly atMost?: number
  readonly atLeast?: number
  /** The row that shows the limit: nothing that does the work of `row` takes less. */
  readonly least?: string
}

/** One figure of all programs. */
export interface Table {
  readonly title: string
  readonly unit: string
  readonly decimals: number
  /** The row that the ratios of the other rows refer to. */
  readonly reference: string
  readonly rows: ReadonlyArray<Row>
  readonly bars: ReadonlyArray<Bar>
}

/** The results of one section. */
export interface Measured {
  readonly tables: ReadonlyArray<Table>
  /** Other observations, each a sentence. */
  readonly remarks: ReadonlyArray<string>
}

/** A section's figures, with the place and time of the measurement. */
export interface SectionResult extends Measured {
  readonly date: string
  readonly machine: string
}

/** By the sections' names. */
export interface Results {
  readonly [section: string]: SectionResult
}

const file = fileURLToPath(new URL("../../results.json", import.meta.url))

// Only writeResults writes the file.
export const readResults = (): Results => JSON.parse(readFileSync(file, "utf8")) as Results

export const writeResults = (results: Results): void =>
  writeFileSync(file, `${JSON.stringify(results)}\n`)

export const machine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${process.platform}`
