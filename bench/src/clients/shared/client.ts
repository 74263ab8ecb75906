/** Types and helpers that the measured programs share. */

/** Sends the vendor's documented query this many times, with so many requests at a time. */
export type Send = (count: number, concurrency: number) => Promise<void>

/** How a client is used. */
export interface Use {
  /**
   * Whether the same queries are repeated, as on a dashboard. Otherwise each request queries
   * another building.
   */
  readonly isRepeated: boolean
  /** Whether each request records its spans with OpenTelemetry. Only clients on Effect can. */
  readonly hasSpans: boolean
  /**
   * Whether the range is a week of a time zone. Otherwise it is two instants, which all clients can
   * send.
   */
  readonly isOfZone?: boolean
}

/** What a module of a client exports. */
export type Open = (url: string, use: Use) => Send

/**
 * The number of queries that are repeated: more than are in flight at once, so that no two equal
 * queries ever are.
 */
export const repeatedQueries = 200

/** For clients that return promises. */
export const sender =
  (ask: (building: number) => Promise<unknown>): Send =>
  async (count, concurrency) => {
    let next = 0
    const work = async () => {
      while (next < count) await ask(next++)
    }
    await Promise.all(Array.from({ length: concurrency }, work))
  }

/** The other clients get no token by themselves, so all clients get this one. */
export const authorization = "Bearer a-token-of-the-measurement"

export const headers = {
  accept: "application/json",
  "content-type": "application/json",
  authorization
}
