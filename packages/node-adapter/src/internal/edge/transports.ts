/** How the client of `NodeMetrics` sends its requests in a Worker or an edge function. */
import * as Effect from "effect/Effect"
import type * as inNode from "../transports.js"
import { fetchTransport } from "./fetchTransport.js"

/**
 * Transports over `fetch`. The platform limits and keeps the connections, so there is nothing to
 * close.
 */
export const transports: Effect.Effect<inNode.Transports> = Effect.succeed({
  calls: fetchTransport,
  tokens: fetchTransport
})
