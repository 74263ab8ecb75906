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

/** A target. It limits the ratio of the medians of two rows. */
export interface Bar {
  readonly row: string
  readonly against: string
  readonly atMost?: number
  readonly atLeast?: number
  /** The row with the lower bound. No program that does the work of `row` can take less. */
  readonly least?: string
}

/** A table of one figure, with a row for each program. */
export interface Table {
  readonly title: string
  readonly unit: string
  readonly decimals: number
  /** The name of a row. The ratio of each row is its figure divided by the figure of this row. */
  readonly reference: string
  readonly rows: ReadonlyArray<Row>
  readonly bars: ReadonlyArray<Bar>
}

/** The results of one section. */
export interface Measured {
  readonly tables: ReadonlyArray<Table>
  /** Other observations. Each observation is one sentence. */
  readonly remarks: ReadonlyArray<string>
}

/** A section's figures, with the place and time of the measurement. */
export interface SectionResult extends Measured {
  readonly date: string
  readonly machine: string
}

/** The results, by the names of the sections. */
export interface Results {
  readonly [section: string]: SectionResult
}

const file = fileURLToPath(new URL("../../results.json", import.meta.url))

// The file has this type, because only writeResults writes it.
export const readResults = (): Results => JSON.parse(readFileSync(file, "utf8")) as Results

export const writeResults = (results: Results): void =>
  writeFileSync(file, `${JSON.stringify(results)}\n`)

export const machine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${process.platform}`
