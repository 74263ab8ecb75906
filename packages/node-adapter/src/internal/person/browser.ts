/** The authorization code grant of a native application (RFC 8252). */
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { OpenIdClient, Tokens } from "../openid/client.js"
import { type Told, tell } from "./callback.js"
import * as Loopback from "./loopback.js"
import * as pages from "./pages.js"

export interface Options {
  readonly open: Told<string>
  readonly redirectPort: number
  readonly limit: Duration.Duration
}

/** Opens the browser, and waits for the one response of the provider. */
export const signIn = (
  client: OpenIdClient,
  { limit, open, redirectPort }: Options
): Effect.Effect<Tokens, AuthError> =>
  Effect.gen(function* () {
    const loopback = yield* Loopback.listen(redirectPort)
    const [url, remembered] = yield* Effect.mapError(
      client.authorize(loopback.redirectUri),
      ({ error }) => error
    )
    const opened = Effect.mapError(tell(open, url), noBrowser)
    const response = yield* Effect.raceFirst(
      loopback.awaitResponse(remembered.state),
      // A command that opens a browser may run until the browser is closed.
      Effect.zipRight(opened, Effect.never)
    ).pipe(Effect.timeoutFail({ duration: limit, onTimeout: expired }))
    return yield* client.exchange(response, remembered).pipe(
      Effect.mapError(({ error }) => error),
      Effect.tapBoth({
        onSuccess: () => loopback.show(pages.signedIn),
        onFailure: () => loopback.show(pages.failed)
      })
    )
  }).pipe(Effect.scoped)

const noBrowser = () =>
  new AuthError({
    reason: "SignInRequired",
    problem: "No browser could be opened on this machine",
    hint: "Use NodeTokenProvider.deviceCode, which works with a browser on another device, or pass your own function as open"
  })

const expired = () =>
  new AuthError({
    reason: "SignInExpired",
    problem: "Nobody finished the sign-in in the browser in time",
    hint: "Start the sign-in again, and finish it in time"
  })
