import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Fault } from "../../Fault.js"
import type * as FaultQueue from "../faults/FaultQueue.js"
import type { LifetimeSettings } from "../Lifetimes.js"
import type { TokenAuthority } from "../login/TokenAuthority.js"
import type { Nights, UnknownNight } from "../Nights.js"
import type { RequestLog, RequestRecord } from "../RequestLog.js"
import type { RoleChange, RoleSettings } from "../Role.js"
import type { SandboxClock } from "../SandboxClock.js"
import { clients } from "../signIn/clients.js"
import { byUsername, type Username } from "../signIn/people.js"

/**
 * New lifetimes of tokens and sessions that are issued from now on, in whole seconds. Fields that
 * are left out do not change.
 */
export interface LifetimeChange {
  /** The lifetime of access tokens of machines and of people, and of sessions of v2. */
  readonly token?: Duration.DurationInput
  /** The lifetime of people's refresh tokens. */
  readonly refreshToken?: Duration.DurationInput
  /** The lifetime of sessions of signed-in people. It starts again at each request. */
  readonly session?: Duration.DurationInput
}

/** Controls a sandbox in a test. The control endpoint does the same over HTTP. */
export interface Control {
  /**
   * Adds a fault to the end of the queue. The fault applies to requests that arrive from now on,
   * according to its target and schedule. The queue holds 10,000 faults. If there are more, the
   * oldest faults are dropped.
   */
  readonly inject: (fault: Fault) => Effect.Effect<void>
  /** Drops all faults. A host that refuses connections listens again. */
  readonly clearFaults: Effect.Effect<void>
  /**
   * From now on, rejects every access token and session of the API that was issued before,
   * including people's tokens.
   */
  readonly expireTokens: Effect.Effect<void>
  /**
   * Returns an access token of a person, as a single-page app gets it from the sign-in. The token
   * is valid for all generations, for the lifetime that `setLifetimes` sets. Use it to test a page
   * without a browser.
   */
  readonly issueToken: (person: {
    readonly username: Username
  }) => Effect.Effect<Redacted.Redacted<string>>
  /**
   * Signs one person or everyone out everywhere. The next silent authorization fails with
   * `login_required`, and refresh tokens fail with `invalid_grant`. Access tokens remain valid.
   */
  readonly endSessions: (person?: { readonly username: Username }) => Effect.Effect<void>
  /**
   * Changes the lifetimes of tokens and sessions that are issued from now on. The minimum is one
   * second.
   */
  readonly setLifetimes: (change: LifetimeChange) => Effect.Effect<void>
  /**
   * Advances the sandbox's clock. The API then has the rows up to the new time. Durations cannot be
   * negative, so use `setTime` to go back.
   */
  readonly advance: (duration: Duration.DurationInput) => Effect.Effect<void>
  /**
   * Sets the sandbox's clock, which then runs on from this time. The API then has no rows of later
   * days.
   */
  readonly setTime: (instant: DateTime.DateTime.Input) => Effect.Effect<void>
  /** The time on the sandbox's clock. */
  readonly now: Effect.Effect<DateTime.Utc>
  /**
   * Changes the permissions of the role that all clients have. Fields that are left out do not
   * change. A `rowLimit` of null removes the limit.
   */
  readonly setRole: (change: RoleChange) => Effect.Effect<void>
  /**
   * Publishes the rows of a local date, such as "2025-05-01", again with different values, in all
   * buildings. The values of the week and the month of this date change too. The same seed, date
   * and number of restatements give the same values. Fails with an `UnknownNight` if the rows of
   * the date are not published yet.
   */
  readonly restate: (night: { readonly date: string }) => Effect.Effect<void, UnknownNight>
  /**
   * Drops all faults and the log of requests. Undoes revocations of tokens, restatements, and
   * changes of the clock, the role and the lifetimes. People stay signed in.
   */
  readonly reset: Effect.Effect<void>
  /** The newest 10,000 requests since the start or the last reset, in order of arrival. */
  readonly requests: Effect.Effect<ReadonlyArray<RequestRecord>>
  /**
   * Waits until `count` requests have arrived since the start or the last reset, even if the log
   * holds fewer. The wait does not depend on a clock.
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
  /** Makes all hosts accept connections again. */
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
  issueToken: ({ username }) =>
    Effect.map(
      tokens.issuePersonJwt(byUsername(username), clients.singlePage.clientId),
      Redacted.make
    ),
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
