/** A line of the report. */

export type Status = "ok" | "differs" | "unknown"

export interface Line {
  /**
   * The id of the line, which does not change between versions. It begins with the name of the
   * line's group, as in `token.lifetime`.
   */
  readonly id: string
  readonly status: Status
  /** What was found, and where it came from. It never contains a secret. */
  readonly found: string
  /** The next step, or null. */
  readonly next: string | null
}

export const ok = (id: string, found: string): Line => ({ id, status: "ok", found, next: null })

export const differs = (id: string, found: string, next: string): Line => ({
  id,
  status: "differs",
  found,
  next
})

export const unknown = (id: string, found: string, next: string | null = null): Line => ({
  id,
  status: "unknown",
  found,
  next
})
