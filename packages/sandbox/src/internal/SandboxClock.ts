/**
 * The first and the last instant of the years 1 to 9999. JavaScript and PostgreSQL can both write
 * the times of these years. The clock stops at the first and at the last instant.
 */
export const earliest = Date.UTC(2000, 0) - 63_082_281_600_000
export const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * The sandbox's own clock, which is real time plus an offset that tests can change. It is
 * independent of Effect's `Clock`, so a sandbox that is built under a `TestClock` still behaves
 * like a server.
 */
export interface SandboxClock {
  /** The sandbox's time, in milliseconds since the epoch. */
  readonly now: () => number
  /** How far the clock is ahead of real time, in milliseconds. */
  readonly offset: () => number
  readonly advance: (milliseconds: number) => void
  readonly set: (milliseconds: number) => void
  /** Undoes all changes of the offset. */
  readonly reset: () => void
}

/** A clock that starts at the present or at another instant. */
export const make = (start?: number): SandboxClock => {
  const initial = start === undefined ? 0 : start - Date.now()
  let offset = initial
  return {
    now: () => Math.min(latest, Math.max(earliest, Date.now() + offset)),
    offset: () => offset,
    advance: (milliseconds) => {
      offset += milliseconds
    },
    set: (milliseconds) => {
      offset = milliseconds - Date.now()
    },
    reset: () => {
      offset = initial
    }
  }
}
