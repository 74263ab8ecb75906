import type { Counts } from "../../src/WeeklyFrequency.js"

/** A week of the span: its counts, or why it has none. */
export interface Week {
  /** Local date of its Monday. */
  readonly monday: string
  /** Undefined if there are none; `isPublished` says why. */
  readonly counts: Counts | undefined
  readonly isPublished: boolean
}
