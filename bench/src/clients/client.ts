/** What the measured programs have in common. */

/** Asks the vendor's documented query this many times, so many at a time. */
export type Send = (count: number, concurrency: number) => Promise<void>

/** How a client is used. */
export interface Use {
  /**
   * Whether the same queries come again and again, as on a dashboard. Otherwise each request is of
   * another building.
   */
  readonly isRepeated: boolean
  /** Whether each request leaves its spans with OpenTelemetry. Only clients on Effect can. */
  readonly hasSpans: boolean
}

/** What a module of a client exports. */
export type Open = (url: string, use: Use) => Send

/**
 * How many queries come again and again: more than are under way at once, so that no two equal ones
 * ever are.
 */
export const repeatedQueries = 200

/** For clients that answer with promises. */
export const sender =
  (ask: (building: number) => Promise<unknown>): Send =>
  async (count, concurrency) => {
    let next = 0
    const work = async () => {
      while (next < count) await ask(next++)
    }
    await Promise.all(Array.from({ length: concurrency }, work))
  }

/** Peers get no token by themselves, so all of them are given this one. */
export const authorization = "Bearer a-token-of-the-measurement"

export const headers = {
  accept: "application/json",
  "content-type": "application/json",
  authorization
}
