/**
 * One token, renewed in time, for any number of callers.
 *
 * All state changes are synchronous, so no other fiber can run between a check and the change that
 * follows it.
 */
import type * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as Metric from "effect/Metric"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import { type AccessToken, dueAt, isSame } from "../../AccessToken.js"
import { AuthError, type ConfigurationError } from "../../MetricsError.js"
import * as RetryPolicy from "../../RetryPolicy.js"
import * as telemetry from "../../Telemetry.js"
import type { Acquire, CachedOptions, TokenProvider } from "../../TokenProvider.js"
import { makeRetryBudget } from "../limits/retryBudget.js"
import { retrySchedule } from "../limits/retrySchedule.js"
import { millisOf } from "../monotonic.js"
import { cached, checkOptions } from "../options/check.js"
import { isAcquire, isPlace } from "../options/kinds.js"
import { warn } from "../warnings/warn.js"
import * as TokenHistory from "./history.js"
import { setPeek } from "./peek.js"
import type { Place } from "./place.js"

/** `CachedOptions`, and a store that keeps the token after the process ends. */
export interface StoredOptions extends CachedOptions {
  /**
   * Where a token is looked up before a token is requested, and where a requested token is stored.
   * Default: nowhere, so the token ends with the scope.
   */
  readonly store?: Place
}

/** The context of a token request. */
export interface TokenRequest {
  /**
   * The token that the API refused, if the refusal is the reason for the request. The API would
   * refuse this token again.
   */
  readonly refused: AccessToken | undefined
}

/** How long calls do not start another renewal after a background renewal has failed. */
const quietMillis = 5_000

/**
 * How long no token is requested after a new token was refused. The time doubles after each further
 * refusal.
 */
const firstPause = 5_000
const longestPause = 60_000

/**
 * A token that has been in use for longer than this does not count as new. The limit is for a token
 * whose acceptance no client has reported.
 */
const newFor = 60_000

/**
 * How long to wait while another process requests a token. This is the time of one attempt, and the
 * time to store the token.
 */
const lockWait = Duration.seconds(15)

/**
 * What a provider remembers from one call to the next. In a Worker, fibers, timers and promises
 * belong to one incoming request. The state contains none of them, so providers of different
 * incoming requests can share it. A time is measured by `millisOf`, unless its comment says
 * otherwise.
 */
export interface State {
  current: AccessToken | undefined
  /** When the current token arrived. */
  since: number
  /** The wall clock's time minus the time of `millisOf`, when the token arrived. */
  offset: number
  /** The last token that was refused, until another token is obtained. */
  refused: AccessToken | undefined
  /** When that token was refused, in epoch milliseconds. */
  refusedAt: number
  /** How many tokens in a row were refused: the first one, and the new ones after it. */
  refusals: number
  /** No token is requested before this time. */
  pausedUntil: number
  /** No token is renewed in the background before this time. */
  quietUntil: number
  /**
   * The count of invalidations. A token that was requested before the last invalidation is not
   * kept.
   */
  generation: number
}

export const emptyState = (): State => ({
  current: undefined,
  since: 0,
  offset: 0,
  refused: undefined,
  refusedAt: 0,
  refusals: 0,
  pausedUntil: 0,
  quietUntil: 0,
  generation: 0
})

export const tokenCycler = <R>(
  acquire: Acquire<R>,
  options: StoredOptions = {},
  given?: State
): Effect.Effect<TokenProvider, ConfigurationError, R | Scope.Scope> =>
  Effect.gen(function* () {
    let state = given ?? emptyState()
    yield* checkOptions({ ...cached, "store?": isPlace }, options)
    yield* checkOptions({ acquire: isAcquire }, { acquire })
    const renewBefore = Duration.toMillis(options.renewBefore ?? "2 minutes")
    const waitBefore = Duration.toMillis(options.waitBefore ?? "30 seconds")
    const policy = RetryPolicy.make(options.retry ?? { attempts: 3, deadline: "30 seconds" })
    const stored = options.store?.open({
      // A token that was obtained in the future is not fresh either, because this clock cannot tell
      // when it expires.
      isFresh: (token, now) =>
        now < dueAt(token, renewBefore, 5) && token.obtainedAt.epochMillis <= now + waitBefore,
      lockWait: Duration.min(lockWait, Duration.times(policy.deadline, 0.5))
    })
    const ask = (refused: AccessToken | undefined) =>
      Effect.zipRight(
        Metric.increment(telemetry.tokenRequests),
        Effect.isEffect(acquire) ? acquire : acquire({ refused })
      ).pipe(
        Effect.timeoutFail({
          duration: options.timeout ?? "10 seconds",
          onTimeout: () => timedOut("The token endpoint did not respond in time")
        }),
        Effect.flatMap((token) => {
          if (refused === undefined) return Effect.succeed(token)
          // The API would refuse the same token again.
          if (isSame(token, refused)) {
            state.refusals++
            return Effect.clockWith((clock) => Effect.fail(paused(state.refusals, pause(clock))))
          }
          TokenHistory.noteReplacement(token)
          return Effect.succeed(token)
        })
      )

    const obtain = (refused: AccessToken | undefined, mayKeep: () => boolean) =>
      stored === undefined
        ? ask(refused)
        : stored.renew(
            // Whether a token of another process can replace the token that was refused here.
            (token) =>
              refused === undefined ||
              (!isSame(token, refused) &&
                token.obtainedAt.epochMillis >=
                  // If a second token was refused, the tokens that replaced the first one may be
                  // refused too.
                  (state.refusals === 1 && TokenHistory.isReplacement(token)
                    ? refused.obtainedAt.epochMillis
                    : state.refusedAt)),
            ask(refused),
            mayKeep
          )

    /**
     * Callers that come one after the other each start a request. Without this budget, each request
     * would be retried as often as the policy allows.
     */
    const budget = makeRetryBudget()

    /** The request for a token in flight. */
    let flight: Deferred.Deferred<AccessToken, AuthError> | undefined
    /**
     * The current time. It is never earlier than the age of the current token implies, so the token
     * expires even if the clock is set back.
     */
    const timeOf = (clock: Clock.Clock): number =>
      Math.max(clock.unsafeCurrentTimeMillis(), state.offset + millisOf(clock))
    let isClosed = false

    /** Requests no token for a time, which grows with the number of refusals. */
    const pause = (clock: Clock.Clock): Duration.Duration => {
      const millis = Math.min(firstPause * 2 ** (state.refusals - 2), longestPause)
      state.pausedUntil = millisOf(clock) + millis
      return Duration.millis(millis)
    }

    // Requests run with the services that the layer was built with, not with the services that the
    // first caller happens to have.
    const runFork = Runtime.runFork(yield* Effect.runtime<R>())
    const flights = yield* Scope.make()
    yield* Effect.addFinalizer((exit) =>
      Effect.suspend(() => {
        isClosed = true
        state = emptyState()
        return Scope.close(flights, exit)
      })
    )

    const begin = (isBackground: boolean): Deferred.Deferred<AccessToken, AuthError> => {
      const answer = Deferred.unsafeMake<AccessToken, AuthError>(FiberId.none)
      const { generation, refused } = state
      let retries = 0
      /** Whether another attempt was due but the budget was used up. */
      let isOverBudget = false
      // A token that was requested before an invalidation is not kept.
      const isCurrent = () => generation === state.generation
      const mayRetry = () => {
        if (!isCurrent()) return false
        isOverBudget = !budget.spend(policy)
        if (isOverBudget) return false
        retries++
        return true
      }
      flight = answer
      runFork(
        Effect.clockWith((clock) =>
          Effect.suspend(() => {
            const until = millisOf(clock) + Duration.toMillis(policy.deadline)
            return Effect.retry(
              obtain(refused, isCurrent),
              retrySchedule(policy, () => until, mayRetry)
            )
          }).pipe(
            Effect.mapError((error) => (isOverBudget ? overBudget(error) : error)),
            Effect.timeoutFail({
              duration: policy.deadline,
              onTimeout: () => timedOut("No access token was obtained before the deadline")
            }),
            Effect.withSpan("innerspace.token", { root: true, captureStackTrace: false }),
            Effect.interruptible,
            Effect.onExit((exit) => {
              if (flight === answer) flight = undefined
              let warning: Effect.Effect<void> = Effect.void
              if (Exit.isSuccess(exit)) {
                if (retries > 0) budget.giveBack()
                else budget.succeededAtOnce()
                if (isCurrent()) {
                  state.current = exit.value
                  state.since = millisOf(clock)
                  state.offset =
                    Math.max(clock.unsafeCurrentTimeMillis(), exit.value.obtainedAt.epochMillis) -
                    state.since
                  state.refused = undefined
                }
              } else if (isBackground && isCurrent() && state.current !== undefined) {
                state.quietUntil = millisOf(clock) + quietMillis
                warning = warn(
                  "Renewing the access token failed; the old one stays in use",
                  exit.cause
                )
              }
              Deferred.unsafeDone(answer, Exit.isInterrupted(exit) ? Exit.fail(closed()) : exit)
              return warning
            })
          )
        ).pipe(Effect.uninterruptible),
        { scope: flights }
      )
      return answer
    }

    /** The token that can be used now. */
    const atHand = (clock: Clock.Clock): AccessToken | undefined => {
      if (isClosed || state.current === undefined) return undefined
      const now = timeOf(clock)
      if (now >= dueAt(state.current, waitBefore, 20)) return undefined
      if (flight === undefined && now >= dueAt(state.current, renewBefore, 5)) {
        if (millisOf(clock) >= state.quietUntil) begin(true)
      }
      return state.current
    }

    const get = Effect.clockWith((clock): Effect.Effect<AccessToken, AuthError> => {
      if (isClosed) return Effect.fail(closed())
      const token = atHand(clock)
      if (token !== undefined) return Effect.succeed(token)
      if (flight !== undefined) return Deferred.await(flight)
      const left = state.pausedUntil - millisOf(clock)
      return left > 0
        ? Effect.fail(paused(state.refusals, Duration.millis(Math.ceil(left))))
        : Deferred.await(begin(false))
    })
    setPeek(get, atHand)

    const invalidate = (token: AccessToken): Effect.Effect<void> =>
      Effect.clockWith((clock) => {
        if (state.current === undefined || !isSame(state.current, token)) return Effect.void
        const now = timeOf(clock)
        const since = millisOf(clock)
        const isNew = !TokenHistory.isAccepted(state.current) && since - state.since < newFor
        state.refusals = isNew ? state.refusals + 1 : 1
        // The API may have ended all sessions, so one new token is requested. If the API refuses
        // the new token as well, it would also refuse the next one, so requests pause.
        if (state.refusals > 1 && !state.current.isShared) pause(clock)
        state.refusedAt = clock.unsafeCurrentTimeMillis()
        state.current = undefined
        state.refused = token
        // If the token had expired, this is why the API refused it, and callers can wait for the
        // renewal in flight. Otherwise a renewal in flight began before the refusal, and may return
        // a token that is refused as well. No caller waits for it yet, so it can be dropped.
        if (now < dueAt(token, waitBefore, 20)) {
          flight = undefined
          state.generation++
        }
        if (stored !== undefined) runFork(stored.forget(token), { scope: flights })
        return Effect.void
      })

    return { get, invalidate }
  })

const overBudget = (error: AuthError): AuthError =>
  new AuthError({
    ...error,
    problem: `${error.problem}; it was not retried, because the token provider's retry budget is used up`
  })

const timedOut = (problem: string): AuthError =>
  new AuthError({
    reason: "Timeout",
    problem,
    hint: "Try again. If the problem persists, check the network and the base URL"
  })

const paused = (refusals: number, wait: Duration.Duration): AuthError =>
  new AuthError({
    reason: "TokenRefused",
    problem: `The API rejected the last ${refusals} access tokens, so no new one is requested for ${Duration.format(wait)}`,
    hint: "Check this machine's clock, and that the credentials belong to this API generation and base URL; a later call requests a new token",
    retryAfter: wait
  })

const closed = (): AuthError =>
  new AuthError({
    reason: "Closed",
    problem: "The layer that holds the access token has been closed",
    hint: "Make calls while the layer is in use, and build one layer for the whole app"
  })
