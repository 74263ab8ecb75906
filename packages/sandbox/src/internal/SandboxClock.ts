/**
 * The sandbox's own clock: real time plus an offset that tests can move. It is independent of Effect's `Clock`, so a
 * sandbox that is built under a `TestClock` still answers as a server would.
 */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** How far it is ahead of real time, in milliseconds. */
  readonly offset: () => number
  readonly advance: (milliseconds: number) => void
  readonly set: (milliseconds: number) => void
  readonly reset: () => void
}

export const make = (): SandboxClock => {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    offset: () => offset,
    advance: (milliseconds) => {
      offset += milliseconds
    },
    set: (milliseconds) => {
      offset = milliseconds - Date.now()
    },
    reset: () => {
      offset = 0
    }
  }
}
