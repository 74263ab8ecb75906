import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"

/**
 * What bundles for browsers get in place of each module: a client secret in a page is everybody's.
 */
export const refusal = (): ConfigurationError =>
  new ConfigurationError({
    reason: "UnsupportedRuntime",
    problem:
      "@innerspace-metrics/node-adapter was bundled for a browser, where a client secret would be everybody's",
    hint: "Use @innerspace-metrics/browser-adapter there, with the token of the person who is signed in"
  })
