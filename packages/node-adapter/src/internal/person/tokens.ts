/**
 * The tokens of one signed-in person, renewed with a refresh token that is never sent twice.
 *
 * A refresh runs under the store's lock. It reads the grant (the person's tokens, as they are
 * stored), marks the grant as spent, sends its refresh token, and stores the new grant before
 * anything uses the new tokens. If a process is killed in between, the mark remains, so no other
 * process sends the same refresh token.
 */
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import { dueAt, isSame } from "@innerspace-metrics/core/AccessToken"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import type * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Tokens } from "../openid/client.js"
import type { Failure } from "../openid/failure.js"
import * as errors from "./errors.js"
import * as Grant from "./grant.js"

/** Where the grant is kept. */
export interface Place {
  readonly store: TokenStore.TokenStore
  readonly key: TokenStore.Key
}

/** How the tokens are renewed. */
export interface RenewalOptions {
  readonly renewBefore: Duration.Duration
  readonly waitBefore: Duration.Duration
  readonly refresh: (token: Redacted.Redacted<string>) => Effect.Effect<Tokens, Failure>
  readonly revoke: (token: Redacted.Redacted<string>) => Effect.Effect<void, Failure>
}

export interface PersonTokens extends TokenProvider.TokenProvider {
  /** The current grant. */
  readonly grant: Effect.Effect<Option.Option<Grant.Grant>, AuthError>
  /** Keeps the grant of a new sign-in. */
  readonly replace: (grant: Grant.Grant) => Effect.Effect<void, AuthError>
  /** Forgets the grant, and revokes it at the provider. */
  readonly end: Effect.Effect<void, AuthError>
}

/**
 * How long to wait for another process. The request of that process and its steps at the store have
 * time limits, and the lock of a killed process is free after 5 seconds.
 */
const lockWait = "40 seconds"

/** The time limit of one step at the store. */
const storeLimit = "5 seconds"

/**
 * How long, in milliseconds, a process can be sure that it holds its lock. If the process was
 * suspended for longer, another process may have taken over the lock, which is possible after 5
 * seconds.
 */
const longestHold = 4_000

/** The time limit of one attempt, with the lock, the request and the steps at the store. */
const attemptLimit = "1 minute"

export const make = (
  { key, store }: Place,
  options: RenewalOptions
): Effect.Effect<PersonTokens, ConfigurationError, Scope.Scope> =>
  Effect.gen(function* () {
    /** The newest grant of this process, if it could not be stored. */
    let unstored: Grant.Grant | undefined
    /** The last token that was returned. */
    let last: AccessToken.AccessToken | undefined

    const failedStore = ({ problem }: TokenStore.TokenStoreError) => errors.storeFailed(problem)

    /** Runs a step at the store with a time limit, because a store may never respond. */
    const fromStore = <A>(effect: Effect.Effect<A, TokenStore.TokenStoreError>) =>
      effect.pipe(
        Effect.disconnect,
        Effect.interruptible,
        Effect.mapError(failedStore),
        Effect.timeoutFail({
          duration: storeLimit,
          onTimeout: () => errors.storeFailed("it did not respond in time")
        })
      )

    const read = Effect.flatMap(
      Effect.suspend(() => store.get(key)).pipe(
        // A text that is damaged or belongs to another client is not a grant.
        Effect.catchIf(
          ({ reason }) => reason !== "Unavailable",
          ({ message }) => Effect.as(Effect.logWarning(message), Option.none())
        ),
        fromStore
      ),
      (stored) => {
        const found = Option.getOrUndefined(stored)
        const grant = found === undefined ? undefined : Grant.decode(found)
        return Effect.succeed(
          unstored !== undefined && (grant === undefined || grant.obtainedAt < unstored.obtainedAt)
            ? unstored
            : grant
        )
      }
    )

    const write = (grant: Grant.Grant) =>
      Effect.flatMap(Grant.encode(grant, key.header), (text) => fromStore(store.set(key, text)))

    const remove = Effect.gen(function* () {
      unstored = undefined
      const stored = yield* Effect.option(store.get(key))
      if (Option.isSome(stored) && Option.isSome(stored.value)) {
        yield* fromStore(store.remove(key, stored.value.value))
      }
    })

    const locked = <A>(effect: Effect.Effect<A, AuthError>): Effect.Effect<A, AuthError> =>
      Effect.scoped(
        Effect.zipRight(
          Effect.mapError(store.lock(key), failedStore).pipe(
            Effect.timeoutFail({
              duration: lockWait,
              onTimeout: () => errors.storeFailed("its lock was not free in time")
            })
          ),
          effect
        )
      )

    /**
     * Sends the refresh token, and stores the response. These steps cannot be interrupted, but the
     * request has a time limit.
     */
    const refresh = (grant: Grant.Grant, token: Redacted.Redacted<string>, lockedAt: number) =>
      Effect.gen(function* () {
        yield* checkHold(lockedAt)
        if (grant.isRotating) yield* write({ ...grant, isSpent: true })
        yield* checkHold(lockedAt)
        const answer = yield* Effect.either(options.refresh(token))
        if (answer._tag === "Left") return yield* notRefreshed(grant, answer.left)
        const now = yield* Clock.currentTimeMillis
        const next = Grant.refreshed(grant, answer.right, now)
        if (grant.claims?.["sub"] !== next.claims?.["sub"]) {
          yield* remove
          return yield* errors.ended("The new tokens belong to another person.")
        }
        unstored = next
        yield* Effect.matchEffect(write(next), {
          onFailure: ({ message }) =>
            Effect.logWarning(`New tokens are kept in this process only. ${message}`),
          onSuccess: () =>
            Effect.sync(() => {
              unstored = undefined
            })
        })
        return next
      }).pipe(Effect.uninterruptible)

    const notRefreshed = (grant: Grant.Grant, failure: Failure) =>
      Effect.gen(function* () {
        if (failure.code === "invalid_grant") {
          yield* remove
          return yield* errors.ended(failure.error.problem)
        }
        if (!grant.isRotating) return yield* failure.error
        if (!failure.isWithoutEffect) return yield* errors.spent()
        yield* write(grant)
        return yield* failure.error
      })

    const isFresh = (token: AccessToken.AccessToken) =>
      Effect.map(
        Clock.currentTimeMillis,
        (now) => now < dueAt(token, Duration.toMillis(options.renewBefore), 5)
      )

    const acquire = ({ refused }: { readonly refused: AccessToken.AccessToken | undefined }) =>
      locked(
        Effect.gen(function* () {
          const lockedAt = yield* Clock.currentTimeMillis
          const grant = yield* read
          if (grant === undefined) return yield* errors.nobody()
          const stored = yield* Effect.option(Grant.accessTokenOf(grant, key.header, true))
          const token = Option.getOrUndefined(
            Option.filter(stored, (token) => refused === undefined || !isSame(token, refused))
          )
          if (token !== undefined && (yield* isFresh(token))) return token
          if (grant.refreshToken === undefined || grant.isSpent) {
            // A token that cannot be renewed is used until its expiry.
            if (token !== undefined) return token
            return yield* grant.isSpent ? errors.spent() : errors.noRefreshToken()
          }
          const next = yield* refresh(grant, grant.refreshToken, lockedAt)
          return yield* Grant.accessTokenOf(next, key.header, false)
        })
      ).pipe(
        Effect.tap((token) =>
          Effect.sync(() => {
            last = token
          })
        )
      )

    const provider = yield* TokenProvider.cached(acquire, {
      renewBefore: options.renewBefore,
      waitBefore: options.waitBefore,
      timeout: attemptLimit,
      retry: RetryPolicy.make({ attempts: 3, deadline: "2 minutes" })
    })

    /**
     * Makes the provider forget the last token, so that the next call gets its token from the
     * stored grant.
     */
    const forgetLast = Effect.suspend(() =>
      last === undefined ? Effect.void : provider.invalidate(last)
    )

    return {
      get: provider.get,
      invalidate: provider.invalidate,
      grant: Effect.map(read, Option.fromNullable),
      replace: (grant) =>
        Effect.zipRight(
          locked(
            Effect.suspend(() => {
              unstored = undefined
              return Effect.uninterruptible(write(grant))
            })
          ),
          forgetLast
        ),
      end: Effect.gen(function* () {
        const grant = yield* locked(Effect.uninterruptible(Effect.tap(read, () => remove)))
        yield* forgetLast
        if (grant?.refreshToken === undefined || grant.isSpent) return
        yield* Effect.mapError(options.revoke(grant.refreshToken), ({ error }) => error)
      })
    }
  })

/**
 * Fails if the process may have lost the lock. The wall clock is used, because other clocks stop
 * while a machine sleeps.
 */
const checkHold = (lockedAt: number): Effect.Effect<void, AuthError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    now - lockedAt > longestHold ? Effect.fail(errors.suspended()) : Effect.void
  )
