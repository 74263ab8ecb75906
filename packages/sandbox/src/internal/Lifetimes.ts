/** The lifetimes of tokens and sessions that are issued from now on, in whole seconds. */
export interface Lifetimes {
  /** The lifetime of access tokens of machines and of people, and of sessions of v2. */
  readonly token: number
  /** The lifetime of people's refresh tokens. */
  readonly refreshToken: number
  /** The lifetime of sessions of signed-in people. It starts again at each request. */
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
