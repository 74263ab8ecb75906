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

/** `CachedOptions`, and a store in which the token outlives the process. */
export interface StoredOptions extends CachedOptions {
  /**
   * Where the token is looked up before one is requested, and stored afterwards. Default: nowhere,
   * so the token ends with the scope.
   */
  readonly store?: Place
}

/** The context of a token request. */
export interface TokenRequest {
  /**
   * The token that the API refused, if that is why another one is requested. The same token would
   * be refused again.
   */
  readonly refused: AccessToken | undefined
}

/** A request for a token, and the callers that wait for it. */
interface Flight {
  readonly answer: Deferred.Deferred<AccessToken, AuthError>
  /** The count of invalidations at its start. A token from before an invalidation is not kept. */
  readonly generation: number
  readonly isBackground: boolean
  retries: number
  /** Whether another attempt was due but the budget was used up. */
  isOverBudget: boolean
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
 * A token that has served for longer is not a new one. Only the client that sent the token could
 * know that the API accepted it.
 */
const newFor = 60_000

/**
 * How long to wait while another process requests a token: one attempt, and the time to store the
 * token.
 */
const lockWait = Duration.seconds(15)

const flightRetry = RetryPolicy.make({ attempts: 3, deadline: "30 seconds" })

export const tokenCycler = <R>(
  acquire: Acquire<R>,
  options: StoredOptions = {}
): Effect.Effect<TokenProvider, ConfigurationError, R | Scope.Scope> =>
  Effect.gen(function* () {
    yield* checkOptions({ ...cached, "store?": isPlace }, options)
    yield* checkOptions({ acquire: isAcquire }, { acquire })
    const renewBefore = Duration.toMillis(options.renewBefore ?? "2 minutes")
    const waitBefore = Duration.toMillis(options.waitBefore ?? "30 seconds")
    const policy = RetryPolicy.make(options.retry ?? flightRetry)
    const stored = options.store?.open({
      // A token from the future is not fresh either: this clock cannot tell when it expires.
      isFresh: (token, now) =>
        now < dueAt(token, renewBefore, 5) && token.obtainedAt.epochMillis <= now + waitBefore,
      lockWait: Duration.min(lockWait, Duration.times(policy.deadline, 0.5))
    })
    const ask = (request: TokenRequest) =>
      Effect.zipRight(
        Metric.increment(telemetry.tokenRequests),
        Effect.isEffect(acquire) ? acquire : acquire(request)
      ).pipe(
        Effect.timeoutFail({
          duration: options.timeout ?? "10 seconds",
          onTimeout: () => timedOut("The token endpoint did not respond in time")
        })
      )
    const attempt = (request: TokenRequest, mayKeep: () => boolean) => {
      const asked = Effect.flatMap(ask(request), (token) => {
        if (request.refused === undefined) return Effect.succeed(token)
        // The API would refuse it again.
        if (isSame(token, request.refused)) {
          refusals++
          return Effect.clockWith((clock) => Effect.fail(paused(refusals, pause(clock))))
        }
        TokenHistory.noteReplacement(token)
        return Effect.succeed(token)
      })
      return stored === undefined
        ? asked
        : stored.renew((token) => isOfUse(token, request.refused), asked, mayKeep)
    }

    /**
     * Whether a token of another process is worth a request, in place of the token that was refused
     * here.
     */
    const isOfUse = (token: AccessToken, refused: AccessToken | undefined): boolean =>
      refused === undefined ||
      (!isSame(token, refused) &&
        token.obtainedAt.epochMillis >=
          // If a second token was refused, the tokens that replaced the first one may be refused
          // too.
          (refusals === 1 && TokenHistory.isReplacement(token)
            ? refused.obtainedAt.epochMillis
            : refusedAt))

    /**
     * Callers that come one after the other each start a request. Without the budget, each request
     * would be retried as often as the policy allows.
     */
    const budget = makeRetryBudget()

    let current: AccessToken | undefined
    /** The last token that was refused, until another one is obtained. */
    let refused: AccessToken | undefined
    let flight: Flight | undefined
    let generation = 0
    /** By `millisOf` the clock. */
    let quietUntil = Number.NEGATIVE_INFINITY
    /** When the current token arrived, by `millisOf` the clock. */
    let currentSince = 0
    /** How many tokens in a row were refused: the first one, and the new ones after it. */
    let refusals = 0
    /** No token is requested before this time, by `millisOf` the clock. */
    let pausedUntil = Number.NEGATIVE_INFINITY
    /** In epoch milliseconds. */
    let refusedAt = 0
    /**
     * The time, never earlier than the age of the current token implies: the token expires even if
     * the clock is set back.
     */
    let timeOf = (clock: Clock.Clock): number => clock.unsafeCurrentTimeMillis()
    let isClosed = false

    /** Requests no token for a time, which grows with the number of refusals. */
    const pause = (clock: Clock.Clock): Duration.Duration => {
      const millis = Math.min(firstPause * 2 ** (refusals - 2), longestPause)
      pausedUntil = millisOf(clock) + millis
      return Duration.millis(millis)
    }

    // Requests run with the services that the layer was built with, not with the services that the
    // first caller happens to have.
    const runFork = Runtime.runFork(yield* Effect.runtime<R>())
    const flights = yield* Scope.make()
    yield* Effect.addFinalizer((exit) =>
      Effect.suspend(() => {
        isClosed = true
        current = undefined
        refused = undefined
        return Scope.close(flights, exit)
      })
    )

    const settle = (
      ended: Flight,
      exit: Exit.Exit<AccessToken, AuthError>,
      clock: Clock.Clock
    ): Effect.Effect<void> => {
      if (flight === ended) flight = undefined
      if (Exit.isSuccess(exit)) {
        if (ended.retries > 0) budget.giveBack()
        else budget.succeededAtOnce()
      }
      const isKept = ended.generation === generation && !isClosed
      if (isKept && Exit.isSuccess(exit)) {
        current = exit.value
        currentSince = millisOf(clock)
        timeOf = timeSince(exit.value, clock)
        refused = undefined
      }
      const isFailedRenewal =
        isKept && Exit.isFailure(exit) && ended.isBackground && current !== undefined
      if (isFailedRenewal) quietUntil = millisOf(clock) + quietMillis
      Deferred.unsafeDone(ended.answer, Exit.isInterrupted(exit) ? Exit.fail(closed()) : exit)
      return isFailedRenewal
        ? warn("Renewing the access token failed; the old one stays in use", exit.cause)
        : Effect.void
    }

    const begin = (isBackground: boolean): Flight => {
      const begun: Flight = {
        answer: Deferred.unsafeMake(FiberId.none),
        generation,
        isBackground,
        retries: 0,
        isOverBudget: false
      }
      const request = { refused }
      const isCurrent = () => begun.generation === generation
      const mayRetry = () => {
        if (!isCurrent()) return false
        begun.isOverBudget = !budget.spend(policy)
        if (begun.isOverBudget) return false
        begun.retries++
        return true
      }
      flight = begun
      runFork(
        Effect.clock.pipe(
          Effect.flatMap((clock) => {
            const until = millisOf(clock) + Duration.toMillis(policy.deadline)
            return Effect.retry(
              attempt(request, isCurrent),
              retrySchedule(policy, () => until, mayRetry)
            )
          }),
          Effect.mapError((error) => (begun.isOverBudget ? overBudget(error) : error)),
          Effect.timeoutFail({
            duration: policy.deadline,
            onTimeout: () => timedOut("No access token was obtained before the deadline")
          }),
          Effect.withSpan("innerspace.token", { root: true, captureStackTrace: false }),
          Effect.interruptible,
          Effect.onExit((exit) =>
            Effect.flatMap(Effect.clock, (clock) => settle(begun, exit, clock))
          ),
          Effect.uninterruptible
        ),
        { scope: flights }
      )
      return begun
    }

    /** The token that can be used now. */
    const atHand = (clock: Clock.Clock): AccessToken | undefined => {
      if (isClosed || current === undefined) return undefined
      const now = timeOf(clock)
      if (now >= dueAt(current, waitBefore, 20)) return undefined
      if (flight === undefined && now >= dueAt(current, renewBefore, 5)) {
        if (millisOf(clock) >= quietUntil) begin(true)
      }
      return current
    }

    const get = Effect.clockWith((clock): Effect.Effect<AccessToken, AuthError> => {
      if (isClosed) return Effect.fail(closed())
      const token = atHand(clock)
      if (token !== undefined) return Effect.succeed(token)
      if (flight !== undefined) return Deferred.await(flight.answer)
      const left = pausedUntil - millisOf(clock)
      return left > 0
        ? Effect.fail(paused(refusals, Duration.millis(Math.ceil(left))))
        : Deferred.await(begin(false).answer)
    })
    setPeek(get, atHand)

    const invalidate = (token: AccessToken): Effect.Effect<void> =>
      Effect.clockWith((clock) => {
        if (current === undefined || !isSame(current, token)) return Effect.void
        const now = timeOf(clock)
        const since = millisOf(clock)
        const isNew = !TokenHistory.isAccepted(current) && since - currentSince < newFor
        refusals = isNew ? refusals + 1 : 1
        // The API may have ended all sessions, so a new token is worth a request. If that one is
        // refused as well, the next one would be refused too.
        if (refusals > 1 && !current.isShared) pause(clock)
        refusedAt = clock.unsafeCurrentTimeMillis()
        current = undefined
        refused = token
        // An expired token was refused because it expired, so callers can wait for the renewal in
        // flight. Otherwise a renewal that began before the refusal may return a token that is
        // refused as well; nobody waits for it yet.
        if (now < dueAt(token, waitBefore, 20)) {
          flight = undefined
          generation++
        }
        if (stored !== undefined) runFork(stored.forget(token), { scope: flights })
        return Effect.void
      })

    return { get, invalidate }
  })

/**
 * A wall clock that cannot be set back while a token is kept: it advances at least as much as the
 * time that has passed.
 */
const timeSince = (token: AccessToken, clock: Clock.Clock): ((clock: Clock.Clock) => number) => {
  const start = Math.max(clock.unsafeCurrentTimeMillis(), token.obtainedAt.epochMillis)
  const offset = start - millisOf(clock)
  return (clock) => Math.max(clock.unsafeCurrentTimeMillis(), offset + millisOf(clock))
}

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
