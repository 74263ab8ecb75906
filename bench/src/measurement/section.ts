/** A section of the measurements, with its own tables. */
import type { Measured } from "./results.js"

export interface Section {
  readonly name: string
  readonly title: string
  /** Says what is measured and how, for the reader of the tables. */
  readonly text: string
  /** Measures the section. A quick run only shows that the programs work. */
  readonly measure: (isQuick: boolean) => Promise<Measured>
}
