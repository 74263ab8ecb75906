/** The lifetimes of everything issued from now on, in whole seconds. */
export interface Lifetimes {
  /** Access tokens of machines and of people, and sessions of v2. */
  readonly token: number
  /** Refresh tokens of people. */
  readonly refreshToken: number
  /** Sessions of signed-in people, since their last request. */
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
