/**
 * Caches one token for all callers, and renews the token before it expires.
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
import { retry } from "../limits/retry.js"
import { makeRetryBudget } from "../limits/retryBudget.js"
import { millisOf } from "../monotonic.js"
import { cached, checkOptions } from "../options/check.js"
import { isAcquire, isPlace } from "../options/kinds.js"
import { warn } from "../warnings/warn.js"
import * as TokenHistory from "./history.js"
import { setPeek } from "./peek.js"
import type { Place } from "./place.js"

/**
 * The options of a cached provider: `CachedOptions`, and a store that keeps the token after the
 * process ends.
 */
export interface StoredOptions extends CachedOptions {
  /**
   * Where a token is looked up before a token is requested, and where a requested token is stored.
   * Default: no store. Without a store, the token is lost when the scope closes.
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

/** The time after a failed background renewal during which calls do not start another renewal. */
const quietMillis = 5_000

/**
 * The time after the second refusal in a row during which no token is requested. It doubles after
 * each further refusal, up to `longestPause`.
 */
const firstPause = 5_000
const longestPause = 60_000

/**
 * The time after which a token no longer counts as new. A token also stops being new when a client
 * reports that the API has accepted it, but not every client reports this.
 */
const newFor = 60_000

/**
 * How long to wait while another process requests a token. The other process needs this time for
 * one attempt and for storing the token.
 */
const lockWait = Duration.seconds(15)

/**
 * The state that a provider keeps between calls. In a Worker (such as a Cloudflare Worker), fibers,
 * timers and promises belong to one incoming request. The state contains none of them, so providers
 * of different incoming requests can share it. A time is measured by `millisOf`, unless its comment
 * says otherwise.
 */
export interface State {
  current: AccessToken | undefined
  /** When the current token arrived. */
  since: number
  /**
   * The difference between the wall clock's time and the time of `millisOf` when the current token
   * arrived.
   */
  offset: number
  /** The last token that was refused, until another token is obtained. */
  refused: AccessToken | undefined
  /** When the token `refused` was refused, in epoch milliseconds. */
  refusedAt: number
  /**
   * The number of tokens that were refused one after the other while they were new. If a token is
   * refused that is no longer new, counting starts again at 1.
   */
  refusals: number
  /** No token is requested before this time. */
  pausedUntil: number
  /** No token is renewed in the background before this time. */
  quietUntil: number
  /**
   * A number that grows when a token is refused before it expires. A requested token is not kept
   * if this number has changed since the request began.
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
      // A token whose `obtainedAt` is in the future is not fresh. In this case, the clocks of two
      // machines differ, so this machine's clock cannot show when the token expires.
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
                  // The token must have been obtained after the last refusal here, with one
                  // exception. After a single refusal, a token that was itself requested because of
                  // a refusal only needs to be newer than `refused`. After two refusals, the API
                  // may refuse such tokens too.
                  (state.refusals === 1 && TokenHistory.isReplacement(token)
                    ? refused.obtainedAt.epochMillis
                    : state.refusedAt)),
            ask(refused),
            mayKeep
          )

    /**
     * Callers that come one after the other each start a token request. Without this budget, each
     * of these requests would make as many attempts as the policy allows.
     */
    const budget = makeRetryBudget()

    /** The token request in flight. */
    let flight: Deferred.Deferred<AccessToken, AuthError> | undefined
    /**
     * The current time. If the wall clock was set back after the token arrived, the time is
     * computed from the age of the token. The token therefore expires in any case.
     */
    const timeOf = (clock: Clock.Clock): number =>
      Math.max(clock.unsafeCurrentTimeMillis(), state.offset + millisOf(clock))
    let isClosed = false

    /**
     * Starts a pause during which no token is requested. The length of the pause grows with the
     * number of refusals.
     */
    const pause = (clock: Clock.Clock): Duration.Duration => {
      const millis = Math.min(firstPause * 2 ** (state.refusals - 2), longestPause)
      state.pausedUntil = millisOf(clock) + millis
      return Duration.millis(millis)
    }

    // Token requests use the services with which the layer was built, because the services of the
    // first caller may differ from the services of other callers.
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
      // Whether no token has been refused since this request began. If a token has been refused,
      // the requested token is not kept.
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
            const attempt = obtain(refused, isCurrent)
            return Effect.catchAll(attempt, (error) =>
              retry(attempt, error, { policy, until, permits: mayRetry })
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

    /**
     * Returns the current token if it can be used now. Starts a renewal in the background if the
     * token expires soon.
     */
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
        // After the first refusal, a new token is requested, because the API may have ended all
        // sessions. If the API also refuses the new token, it would probably refuse the next token
        // too, so a pause begins.
        if (state.refusals > 1 && !state.current.isShared) pause(clock)
        state.refusedAt = clock.unsafeCurrentTimeMillis()
        state.current = undefined
        state.refused = token
        // If the token had expired, the API refused it for this reason, and callers can wait for
        // the renewal in flight. Otherwise the renewal in flight is ignored, because it began
        // before the refusal and may return a token that the API also refuses. No caller waits for
        // this renewal, because until now `get` returned the token that is refused here.
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
