/** Stores with invalid options, and the error of a layer that gets such a store. */
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type { TokenStore } from "@innerspace-metrics/core/TokenStore"

export const wrongStores = new WeakMap<TokenStore, ConfigurationError>()
