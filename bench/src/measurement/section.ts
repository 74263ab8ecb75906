/** A part of the measurements. */
import type { Measured } from "./results.js"

export interface Section {
  readonly name: string
  readonly title: string
  /** Says what is measured and how, for the reader of the tables. */
  readonly text: string
  /** A quick run does only as much as shows that it works. */
  readonly measure: (isQuick: boolean) => Promise<Measured>
}
