/** Stores with invalid options, and the errors of the layers that get one. */
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type { TokenStore } from "@innerspace-metrics/core/TokenStore"

export const wrongStores = new WeakMap<TokenStore, ConfigurationError>()
