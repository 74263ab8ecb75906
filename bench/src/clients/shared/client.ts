/** Types and helpers that the measured programs share. */

/**
 * Sends the vendor's documented query `count` times, with at most `concurrency` requests at a time.
 */
export type Send = (count: number, concurrency: number) => Promise<void>

/** How a client is used. */
export interface Use {
  /**
   * Whether the same queries are repeated, as on a dashboard. Otherwise each request queries
   * another building.
   */
  readonly isRepeated: boolean
  /**
   * Whether each request records its spans with OpenTelemetry. Only clients on Effect can do this.
   */
  readonly hasSpans: boolean
  /**
   * Whether the time range is a week of a time zone. Otherwise the range is two instants, which all
   * clients can send.
   */
  readonly isOfZone?: boolean
}

/** The function `open` that the module of each client exports. */
export type Open = (url: string, use: Use) => Send

/**
 * The number of different queries that are repeated. Fewer queries are in flight at once, so two
 * equal queries are never in flight at the same time.
 */
export const repeatedQueries = 200

/** Sends the queries of clients that return promises. */
export const sender =
  (ask: (building: number) => Promise<unknown>): Send =>
  async (count, concurrency) => {
    let next = 0
    const work = async () => {
      while (next < count) await ask(next++)
    }
    await Promise.all(Array.from({ length: concurrency }, work))
  }

/** The token of all clients. The other clients cannot get a token by themselves. */
export const authorization = "Bearer a-token-of-the-measurement"

export const headers = {
  accept: "application/json",
  "content-type": "application/json",
  authorization
}
