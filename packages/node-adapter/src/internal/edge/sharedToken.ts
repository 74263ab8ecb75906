/** The token and the pauses of a promise client, for all requests that one isolate serves. */
import { type AccessToken, dueAt, isSame } from "@innerspace-metrics/core/AccessToken"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { BetweenCalls } from "../betweenCalls.js"

export const makeBetweenCalls = (): BetweenCalls => {
  // Tokens are not renewed in the background, because such a renewal would end with the call that
  // began it.
  const state = { ...TokenProvider.emptyState(), quietUntil: Number.POSITIVE_INFINITY }
  const memory: Memory = { token: undefined, lock: undefined }
  return {
    ofCalls: { until: 0 },
    ofLogins: { until: 0 },
    provider: (acquire, options, key, given) => {
      const store = inFront(state, memory, given, options)
      // While this call waits for the lock, the API can reject the token of another call. In that
      // case the provider does not store the new token of this call. `memory` then keeps the new
      // token for the other call.
      const remembering = Effect.tap(acquire, (token) => {
        memory.token = token
        return Effect.void
      })
      return Effect.map(
        TokenProvider.cached(
          unlessPaused(state, remembering),
          { ...options, store: TokenStore.place(store, key) },
          state
        ),
        (provider) =>
          given === undefined ? provider : removing(state, provider, store.remove, key)
      )
    }
  }
}

/** The last token that was obtained, and the lock of the call that is about to obtain a token. */
interface Memory {
  token: AccessToken | undefined
  lock: Lock | undefined
}

interface Lock {
  /** The time of the last touch, as `monotonicNow` returns it. */
  touchedAt: number
}

/** A store in memory in front of the given store. */
const inFront = (
  state: TokenProvider.State,
  memory: Memory,
  given: TokenStore.TokenStore | undefined,
  options: TokenProvider.CachedOptions
): TokenStore.TokenStore => {
  const waitBefore = Duration.toMillis(options.waitBefore ?? "30 seconds")
  const remembered = (now: number): AccessToken | undefined => {
    const { token } = memory
    const isOfUse =
      token !== undefined &&
      now < dueAt(token, waitBefore, 20) &&
      (state.refused === undefined || !isSame(token, state.refused))
    return isOfUse ? token : undefined
  }
  return {
    get: (key) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const token = remembered(now)
        return token !== undefined || given === undefined
          ? Effect.succeed(Option.fromNullable(token))
          : given.get(key)
      }),
    set: (key, token) => (given === undefined ? Effect.void : given.set(key, token)),
    remove: (key, token) =>
      Effect.suspend(() => {
        if (memory.token !== undefined && isSame(memory.token, token)) memory.token = undefined
        return given === undefined ? Effect.void : given.remove(key, token)
      }),
    lock: (key) =>
      Effect.zipRight(
        hold(memory),
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          given === undefined || remembered(now) !== undefined ? Effect.void : given.lock(key)
        )
      )
  }
}

/**
 * Holds the lock until the scope closes. The holder touches the lock every second. If an incoming
 * request ends before its call releases the lock, another call takes the lock over.
 *
 * A caller that finds the lock held sets its own timer and checks again, because it must not wait
 * for a promise of another incoming request.
 */
const hold = (memory: Memory): Effect.Effect<void, never, Scope.Scope> =>
  Effect.flatMap(
    Effect.acquireRelease(Effect.interruptible(take(memory)), (own) =>
      Effect.sync(() => {
        if (memory.lock === own) memory.lock = undefined
      })
    ),
    (own) => {
      const touch = Effect.map(monotonicNow, (now) => {
        own.touchedAt = now
      })
      return Effect.forkScoped(
        Effect.interruptible(Effect.schedule(touch, Schedule.spaced(touchEvery)))
      )
    }
  )

const take = (memory: Memory): Effect.Effect<Lock> =>
  Effect.flatMap(monotonicNow, (now) => {
    if (memory.lock !== undefined && now - memory.lock.touchedAt < abandonedAfter) {
      return Effect.zipRight(Effect.sleep(lookAgainAfter), take(memory))
    }
    const own = { touchedAt: now }
    memory.lock = own
    return Effect.succeed(own)
  })

const touchEvery = "1 second"

/** Milliseconds after which an untouched lock is taken over. */
const abandonedAfter = 5_000

const lookAgainAfter = "20 millis"

const monotonicNow = Effect.map(Clock.currentTimeNanos, (nanos) => Number(nanos) / 1e6)

/**
 * Checks for a pause again, because while a call waits for the lock, the API may refuse the new
 * token of the call that holds the lock.
 */
const unlessPaused = (
  state: TokenProvider.State,
  acquire: Effect.Effect<AccessToken, AuthError>
): Effect.Effect<AccessToken, AuthError> =>
  Effect.flatMap(monotonicNow, (now) => {
    const left = Math.ceil(state.pausedUntil - now)
    if (left <= 0) return acquire
    const retryAfter = Duration.millis(left)
    return new AuthError({
      reason: "TokenRefused",
      problem: `The API has just rejected a new access token, so no other one is requested for ${Duration.format(retryAfter)}`,
      hint: "Check that the credentials belong to this API generation and base URL; a later call requests a new token",
      retryAfter
    })
  })

/**
 * Waits until the rejected token is removed from the store, because work that is still running at
 * the end of the call would be stopped.
 */
const removing = (
  state: TokenProvider.State,
  provider: TokenProvider.TokenProvider,
  remove: TokenStore.TokenStore["remove"],
  key: TokenStore.Key
): TokenProvider.TokenProvider => ({
  get: provider.get,
  invalidate: (token) =>
    Effect.suspend(() =>
      state.current !== undefined && isSame(state.current, token)
        ? Effect.zipRight(
            provider.invalidate(token),
            // The error is ignored: the provider removes the token too, and reports an error of the
            // store.
            Effect.ignore(
              Effect.timeout(
                Effect.interruptible(Effect.disconnect(remove(key, token))),
                removalWait
              )
            )
          )
        : Effect.void
    )
})

const removalWait = "5 seconds"
