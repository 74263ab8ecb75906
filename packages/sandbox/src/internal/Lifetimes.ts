/** How long things are good for that are issued from now on, in whole seconds. */
export interface Lifetimes {
  /** Access tokens of machines and of people, and sessions of v2. */
  readonly token: number
  /** Refresh tokens of people. */
  readonly refreshToken: number
  /** Signed-in people, since they were last seen. */
  readonly session: number
}

export interface LifetimeSettings {
  readonly current: () => Lifetimes
  readonly change: (change: Partial<Lifetimes>) => void
  readonly reset: () => void
}

export const make = (initial: Lifetimes): LifetimeSettings => {
  let lifetimes = initial
  return {
    current: () => lifetimes,
    change: (change) => {
      lifetimes = { ...lifetimes, ...change }
    },
    reset: () => {
      lifetimes = initial
    }
  }
}
