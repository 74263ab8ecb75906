import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Fault } from "../../Fault.js"
import type * as FaultQueue from "../faults/FaultQueue.js"
import type { LifetimeSettings } from "../Lifetimes.js"
import type { TokenAuthority } from "../login/TokenAuthority.js"
import type { Nights, UnknownNight } from "../Nights.js"
import type { RequestLog, RequestRecord } from "../RequestLog.js"
import type { RoleChange, RoleSettings } from "../Role.js"
import type { SandboxClock } from "../SandboxClock.js"
import type { Username } from "../signIn/people.js"

/**
 * How long things are good for that are issued from now on, in whole seconds. What is not named
 * stays.
 */
export interface LifetimeChange {
  /** Access tokens of machines and of people, and sessions of v2. */
  readonly token?: Duration.DurationInput
  /** Refresh tokens of people. */
  readonly refreshToken?: Duration.DurationInput
  /** Signed-in people, since they were last seen. */
  readonly session?: Duration.DurationInput
}

/** How a test steers a sandbox. The control endpoint does the same over HTTP. */
export interface Control {
  /**
   * Adds a fault behind those that are waiting. It meets requests from now on, as its target and
   * schedule say. At most 10,000 wait: more push out the first ones.
   */
  readonly inject: (fault: Fault) => Effect.Effect<void>
  /** Drops all faults; a host that refuses connections listens again. */
  readonly clearFaults: Effect.Effect<void>
  /**
   * Refuses, from now on, every access token and session of the API that was issued so far,
   * people's as well.
   */
  readonly expireTokens: Effect.Effect<void>
  /**
   * Signs a person out everywhere, or everybody: the next silent authorization answers
   * `login_required`, and their refresh tokens `invalid_grant`. Access tokens stay good.
   */
  readonly endSessions: (person?: { readonly username: Username }) => Effect.Effect<void>
  /**
   * Changes how long tokens and sessions are good for that are issued from now on. Less than a
   * second is a second.
   */
  readonly setLifetimes: (change: LifetimeChange) => Effect.Effect<void>
  /**
   * Moves the sandbox's clock, which the published nights follow; a negative duration cannot be
   * written, use `setTime` to go back.
   */
  readonly advance: (duration: Duration.DurationInput) => Effect.Effect<void>
  /**
   * Sets the sandbox's clock, which goes on from there. Nights that are later than it are not
   * published.
   */
  readonly setTime: (instant: DateTime.DateTime.Input) => Effect.Effect<void>
  /** What the sandbox's clock shows. */
  readonly now: Effect.Effect<DateTime.Utc>
  /**
   * Changes what the role of all clients may do; what is not named stays. A `rowLimit` of null
   * takes the limit away.
   */
  readonly setRole: (change: RoleChange) => Effect.Effect<void>
  /**
   * Publishes the night of a local date, such as "2025-05-01", once more with other values, in all
   * buildings; the weeks and months around it follow. The same seed, date and number of times give
   * the same values. Fails with an `UnknownNight` for a night that is not published by the
   * sandbox's clock.
   */
  readonly restate: (night: { readonly date: string }) => Effect.Effect<void, UnknownNight>
  /**
   * Drops all faults, the log of requests, revocations, moves of the clock, changes of the role and
   * of lifetimes, and restatements. Who is signed in stays so.
   */
  readonly reset: Effect.Effect<void>
  /**
   * Requests since the start or the last reset, in the order of their arrival: the newest 10,000 of
   * them.
   */
  readonly requests: Effect.Effect<ReadonlyArray<RequestRecord>>
  /**
   * Waits until `count` requests have been received since the start or the last reset, also where
   * the log has fewer. Needs no clock.
   */
  readonly awaitRequests: (count: number) => Effect.Effect<void>
}

export interface Parts {
  readonly clock: SandboxClock
  readonly faults: FaultQueue.FaultQueue
  readonly log: RequestLog
  readonly tokens: TokenAuthority
  readonly role: RoleSettings
  readonly nights: Nights
  readonly lifetimes: LifetimeSettings
  readonly signOut: (username: Username | undefined) => void
  /** Ends what refuses connections. */
  readonly endOutages: Effect.Effect<void>
}

export const make = ({
  clock,
  endOutages,
  faults,
  lifetimes,
  log,
  nights,
  role,
  signOut,
  tokens
}: Parts): Control => ({
  inject: (fault) => Effect.sync(() => faults.add(fault)),
  clearFaults: Effect.zipRight(
    Effect.sync(() => faults.clear()),
    endOutages
  ),
  expireTokens: Effect.sync(() => tokens.expireAll()),
  endSessions: (person) => Effect.sync(() => signOut(person?.username)),
  setLifetimes: (change) =>
    Effect.sync(() => {
      const { refreshToken, session, token } = change
      lifetimes.change({
        ...(token === undefined ? {} : { token: wholeSeconds(token) }),
        ...(refreshToken === undefined ? {} : { refreshToken: wholeSeconds(refreshToken) }),
        ...(session === undefined ? {} : { session: wholeSeconds(session) })
      })
    }),
  advance: (duration) => Effect.sync(() => clock.advance(Duration.toMillis(duration))),
  setTime: (instant) =>
    Effect.sync(() => clock.set(DateTime.toEpochMillis(DateTime.unsafeMake(instant)))),
  now: Effect.sync(() => DateTime.unsafeMake(clock.now())),
  setRole: (change) => Effect.sync(() => role.change(change)),
  restate: ({ date }) => nights.restate(date),
  reset: Effect.all(
    [
      Effect.sync(() => {
        faults.reset()
        log.clear()
        tokens.reset()
        clock.reset()
        role.reset()
        lifetimes.reset()
      }),
      endOutages,
      nights.restore
    ],
    { discard: true }
  ),
  requests: Effect.sync(() => log.all()),
  awaitRequests: (count) => log.awaitCount(count)
})

const wholeSeconds = (duration: Duration.DurationInput): number =>
  Math.max(1, Math.floor(Duration.toSeconds(duration)))
