/** The device authorization grant (RFC 8628). */
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { OpenIdClient, Tokens } from "../openid/client.js"
import type { Failure } from "../openid/failure.js"
import { type Told, tell } from "./callback.js"

/** The code and the page with which the person can sign in on any device that has a browser. */
export interface DeviceCode {
  /** The code that the person enters, such as `BCDF-GHJK`. */
  readonly userCode: string
  /** The page on which the person enters the code. */
  readonly verificationUri: string
  /**
   * The address of the same page with the code in the address, for example for a QR code. Not every
   * provider sends this address.
   */
  readonly verificationUriComplete: string | undefined
  /** How long the code can be used. */
  readonly expiresIn: Duration.Duration
}

/** After the response `slow_down`, the interval grows by this time (RFC 8628, section 3.5). */
const slowedDownBy = Duration.seconds(5)

/** The longest interval between two requests to a provider that fails. */
const longestInterval = Duration.minutes(1)

/** Shows a code, and polls for tokens until the person has signed in. */
export const signIn = (
  client: OpenIdClient,
  onCode: Told<DeviceCode>
): Effect.Effect<Tokens, AuthError> =>
  Effect.gen(function* () {
    const device = yield* Effect.mapError(client.deviceAuthorization, ({ error }) => error)
    const { deviceCode, expiresIn, userCode, verificationUri, verificationUriComplete } = device
    const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(expiresIn)
    yield* Effect.mapError(
      tell(onCode, { userCode, verificationUri, verificationUriComplete, expiresIn }),
      notShown
    )
    let interval = device.interval
    for (;;) {
      yield* Effect.sleep(interval)
      if ((yield* Clock.currentTimeMillis) >= until) return yield* expired()
      const answer = yield* Effect.either(client.pollDevice(deviceCode))
      if (answer._tag === "Right") return answer.right
      const next = nextInterval(answer.left, interval)
      if (next === undefined) return yield* answer.left.error
      interval = next
    }
  })

/** The time until the next request, or `undefined` if another request cannot succeed. */
const nextInterval = (
  { code, error }: Failure,
  interval: Duration.Duration
): Duration.Duration | undefined => {
  if (code === "authorization_pending") return interval
  if (code === "slow_down") return Duration.sum(interval, slowedDownBy)
  if (!error.isRetryable) return undefined
  // If a provider fails or limits requests, the interval grows.
  const slower = Duration.min(Duration.times(interval, 2), longestInterval)
  return error.retryAfter === undefined ? slower : Duration.max(interval, error.retryAfter)
}

const expired = () =>
  new AuthError({
    reason: "SignInExpired",
    problem: "Nobody entered the code before it expired",
    hint: "Start the sign-in again, and finish it in time"
  })

const notShown = () =>
  new AuthError({
    reason: "SignInRequired",
    problem: "The code could not be shown, because onCode failed",
    hint: "Fix the function onCode"
  })
