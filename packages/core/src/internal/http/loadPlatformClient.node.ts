/**
 * Exchanges over the app's `HttpClient`, loaded where a layer asks for one.
 *
 * `@effect/platform` takes about as long to load as Effect itself, and an adapter with a transport
 * of its own needs none of it. Whoever provides an `HttpClient` has loaded it before. A bundle has
 * the other module: an `import()` would keep bundlers from leaving out what nothing uses.
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
        hint: "Install it alongside effect"
      })
  }),
  ({ exchangesOverHttpClient }) => exchangesOverHttpClient
)
