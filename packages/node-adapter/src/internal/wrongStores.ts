/** Stores that were made of options that cannot be used, and what the layer that gets one says. */
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type { TokenStore } from "@innerspace-metrics/core/TokenStore"

export const wrongStores = new WeakMap<TokenStore, ConfigurationError>()
