import type { Counts } from "../../src/WeeklyFrequency.js"

/** A week of the span, with its counts or the reason why it has no counts. */
export interface Week {
  /** The local date of the Monday of this week. */
  readonly monday: string
  /** Undefined if the week has no counts; `isPublished` says why. */
  readonly counts: Counts | undefined
  readonly isPublished: boolean
}
