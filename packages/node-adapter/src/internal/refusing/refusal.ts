import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"

/**
 * The error of each module in a browser bundle. A page must not contain a client secret, because
 * everyone could read it.
 */
export const refusal = (): ConfigurationError =>
  new ConfigurationError({
    reason: "UnsupportedRuntime",
    problem:
      "@innerspace-metrics/node-adapter was bundled for a browser, where everyone could read the client secret",
    hint: "Use @innerspace-metrics/browser-adapter there, with the signed-in user's token. For a Worker, bundle with the condition workerd"
  })
