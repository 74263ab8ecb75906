/**
 * One token for all processes that use a store: looked up before it is asked for, written down
 * afterwards.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"
import type { Key, TokenStore, TokenStoreError } from "../../TokenStore.js"
import { strikeOutText } from "../redact/text.js"
import { warn } from "../warning.js"

export interface StoredToken {
  /**
   * A token of another process, if it is of use, else one by `acquire`, which is written down for
   * the others if `mayKeep` says so then.
   */
  readonly renew: <R>(
    isOfUse: (token: AccessToken) => boolean,
    acquire: Effect.Effect<AccessToken, AuthError, R>,
    mayKeep: () => boolean
  ) => Effect.Effect<AccessToken, AuthError, R>
  /** Removes a refused token, if it is still the stored one. */
  readonly forget: (token: AccessToken) => Effect.Effect<void>
}

export interface Settings {
  /** Whether a token need not be renewed yet. */
  readonly isFresh: (token: AccessToken, now: number) => boolean
  /** How long to wait for the lock. After that a process that hangs is not waited for. */
  readonly lockWait: Duration.Duration
}

/** How long a store has to answer. A token endpoint would have answered by then. */
const answerWait = Duration.seconds(5)

export const make = (store: TokenStore, key: Key, { isFresh, lockWait }: Settings): StoredToken => {
  /** The stored token, if it is of use. None at all where the store is out of reach. */
  const look = (isOfUse: (token: AccessToken) => boolean) =>
    Effect.gen(function* () {
      const stored = yield* withinTime(
        "read",
        answerWait,
        Effect.catchIf(
          Effect.suspend(() => store.get(key)),
          ({ reason }) => reason !== "Unavailable",
          (error) => Effect.as(warn(error.message), Option.none<AccessToken>())
        )
      )
      const now = yield* Clock.currentTimeMillis
      return Option.map(
        stored,
        Option.filter((token) => isFresh(token, now) && isOfUse(token))
      )
    })

  const locked = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      Scope.make(),
      (scope) =>
        Effect.zipRight(
          withinTime(
            "locked",
            lockWait,
            Effect.suspend(() => Scope.extend(store.lock(key), scope))
          ),
          effect
        ),
      (scope, exit) =>
        withinTime("unlocked", answerWait, Effect.uninterruptible(Scope.close(scope, exit)))
    )

  return {
    renew: <R>(
      isOfUse: (token: AccessToken) => boolean,
      acquire: Effect.Effect<AccessToken, AuthError, R>,
      mayKeep: () => boolean
    ) => {
      const acquireAndKeep = Effect.tap(acquire, (token) =>
        mayKeep()
          ? withinTime(
              "written",
              answerWait,
              Effect.suspend(() => store.set(key, token)),
              token
            )
          : Effect.void
      )
      const lookOrAcquire = (orElse: Effect.Effect<AccessToken, AuthError, R>) =>
        Effect.flatMap(
          look(isOfUse),
          // Asking a store that is out of reach for more would only cost time.
          Option.match({
            onNone: () => acquire,
            onSome: Option.match({ onNone: () => orElse, onSome: Effect.succeed })
          })
        )
      // Whoever had the lock before may have written down what is wanted here.
      return lookOrAcquire(locked(lookOrAcquire(acquireAndKeep)))
    },
    forget: (token) =>
      locked(
        Effect.asVoid(
          withinTime(
            "written",
            answerWait,
            Effect.suspend(() => store.remove(key, token)),
            token
          )
        )
      )
  }
}

/**
 * None, and a warning, where the store fails, breaks or does not answer: that must not keep anybody
 * from a token.
 *
 * The step runs in a fiber of its own, which is interrupted and not waited for: a store may be
 * in a call that cannot be interrupted and never returns.
 */
const withinTime = <A, R>(
  what: "read" | "written" | "locked" | "unlocked",
  duration: Duration.Duration,
  effect: Effect.Effect<A, TokenStoreError, R>,
  token?: AccessToken
): Effect.Effect<Option.Option<A>, never, R> =>
  effect.pipe(
    Effect.disconnect,
    // Also within a release, which cannot be interrupted.
    Effect.interruptible,
    Effect.timeoutOption(duration),
    Effect.tap((answer) =>
      Option.isNone(answer)
        ? warn(
            `The token store could not be ${what} within ${Duration.format(duration)}; continuing without it`
          )
        : Effect.void
    ),
    Effect.catchAllCause((cause) =>
      Effect.as(
        warn(strikeOutText(explain(cause), token === undefined ? [] : [token.value])),
        Option.none()
      )
    )
  )

/** What a defect says is not shown: it could be of what is stored. */
const explain = (cause: Cause.Cause<TokenStoreError>): string =>
  Option.match(Cause.failureOption(cause), {
    onSome: ({ message }) => message,
    onNone: () => "The token store failed unexpectedly; continuing without it"
  })
