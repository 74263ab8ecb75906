/**
 * Exchanges over the app's `HttpClient`, loaded when a layer requests one.
 *
 * `@effect/platform` takes about as long to load as Effect itself, and an adapter with its own
 * transport does not need it. An app that provides an `HttpClient` has already loaded it. Bundles
 * get the other module, because an `import()` would keep bundlers from leaving out unused code.
 */
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../../MetricsError.js"
import type * as bundled from "./loadPlatformClient.bundled.js"

export const exchangesOverHttpClient: typeof bundled.exchangesOverHttpClient = Effect.flatMap(
  Effect.tryPromise({
    try: () => import("./loadPlatformClient.bundled.js"),
    catch: (cause) =>
      new ConfigurationError({
        reason: "UnsupportedRuntime",
        problem: `@effect/platform cannot be loaded: ${cause}`,
        hint: "Install @effect/platform alongside effect"
      })
  }),
  ({ exchangesOverHttpClient }) => exchangesOverHttpClient
)
