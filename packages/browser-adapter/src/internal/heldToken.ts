/** A provider of a token in the app's state. */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import type { TokenProvider } from "@innerspace-metrics/core/TokenProvider"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Source, Subscribable, SubscribableOptions } from "../BrowserTokenProvider.js"
import { functions } from "./functions.js"
import * as Page from "./page.js"
import { signedOut, signInError } from "./signInError.js"

export const heldToken =
  (state: Subscribable, options: SubscribableOptions): Source =>
  (api) =>
    Effect.gen(function* () {
      yield* functions({ get: state?.get, subscribe: state?.subscribe })
      yield* LayerOptions.check({ "timeout?": LayerOptions.isDurationAboveZero }, options)
      yield* Api.graphqlUrl(api)
      const page = yield* Page.make
      let refused: string | undefined
      /**
       * The last value, and when it was first seen. The lifetime of the token starts at that time.
       */
      let seen: { readonly value: string; readonly since: DateTime.Utc } | undefined
      let isClosed = false
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          isClosed = true
        })
      )

      const read = Effect.try({ try: state.get, catch: (thrown) => signInError(thrown, []) })
      const usable = Effect.zipWith(read, Clock.currentTimeMillis, (value, now) => {
        if (isClosed) return closed()
        if (value === undefined || value === null || value === "") return signedOut()
        if (value === refused) return tokenRefused()
        if (value !== seen?.value) seen = { value, since: DateTime.unsafeMake(now) }
        return AccessToken.make({
          value: Redacted.make(value),
          header: api.credential,
          obtainedAt: seen.since
        })
      }).pipe(Effect.flatten)
      /** Waits for a usable token. Checks the token after each change of the state. */
      const next = (changed: Effect.Latch): TokenProvider["get"] =>
        changed.await.pipe(
          Effect.zipRight(changed.close),
          Effect.zipRight(usable),
          Effect.catchAll((error) => (error.reason === "Closed" ? error : next(changed)))
        )
      const awaited: TokenProvider["get"] = Effect.catchAll(usable, (error) =>
        error.reason === "Closed"
          ? error
          : Effect.acquireUseRelease(
              Effect.try({
                try: () => listenTo(state),
                catch: (thrown) => signInError(thrown, [])
              }),
              ({ changed }) => next(changed),
              ({ stop }) => Effect.ignore(Effect.try(stop))
            )
      )
      return {
        get: page.ready.pipe(
          Effect.zipRight(awaited),
          // On timeout, the error of the current token is returned, because it says more than "no
          // other token arrived".
          Effect.timeoutTo({
            duration: options.timeout ?? "10 seconds",
            onTimeout: () => usable,
            onSuccess: (token) => Effect.succeed(token)
          }),
          Effect.flatten
        ),
        invalidate: (token) =>
          Effect.sync(() => {
            refused = Redacted.value(token.value)
          })
      }
    })

/**
 * Subscribes to the state. The latch exists before the subscription, because some stores call the
 * listener at once (RxJS, Svelte). The latch is open at first, because the state may have changed
 * since the last check.
 */
const listenTo = (state: Subscribable) => {
  const changed = Effect.unsafeMakeLatch(true)
  const subscription = state.subscribe(() => changed.unsafeOpen())
  return {
    changed,
    stop: () => (typeof subscription === "function" ? subscription() : subscription.unsubscribe())
  }
}

const tokenRefused = (): AuthError =>
  new AuthError({
    reason: "TokenRefused",
    problem: "The API rejected the app's token, and the app has no other one yet",
    hint: "Renew it in the app's state, or have the person sign in again"
  })

const closed = (): AuthError =>
  new AuthError({
    reason: "Closed",
    problem: "The layer that holds the access token has been closed",
    hint: "Make calls while the layer is in use, and build one layer for the whole app"
  })
