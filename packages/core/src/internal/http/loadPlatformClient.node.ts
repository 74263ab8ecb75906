/**
 * Provides exchanges over the app's `HttpClient`. The code is loaded when a layer that needs an
 * `HttpClient` is built.
 *
 * `@effect/platform` takes about as long to load as Effect itself, and an adapter with its own
 * transport does not need it. An app that provides an `HttpClient` has already loaded
 * `@effect/platform`. A bundle contains `loadPlatformClient.bundled.ts` instead, because bundlers
 * cannot leave out unused code behind an `import()`.
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
