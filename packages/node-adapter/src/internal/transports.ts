/**
 * How the client of `NodeMetrics` sends its requests in Node. It uses undici, with its own
 * connections.
 */
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { environmentDispatcher } from "./undici/proxies.js"
import { type Transport, undiciTransport } from "./undici/transport.js"
import { inTurn } from "./undici/turns.js"

export interface Transports {
  readonly calls: HttpExchange.Transport
  /** A transport for logins, which also send GET requests. */
  readonly tokens: Transport
}

/** The most connections to a host that calls may use at once. */
const callConnections = 64

/**
 * Connections that calls leave free, so that a token is renewed at once while calls wait for a
 * connection.
 */
const tokenConnections = 2

export const transports: Effect.Effect<Transports, ConfigurationError, Scope.Scope> = Effect.map(
  environmentDispatcher(callConnections + tokenConnections),
  (dispatcher) => ({
    calls: undiciTransport(inTurn(dispatcher, callConnections)),
    tokens: undiciTransport(inTurn(dispatcher, Number.POSITIVE_INFINITY))
  })
)
