/**
 * Shares one token among all processes that use a store. A process looks in the store before it
 * requests a token, and then stores the token that it gets.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { AccessToken } from "../../AccessToken.js"
import type { AuthError } from "../../MetricsError.js"
import type { Key, TokenStore, TokenStoreError } from "../../TokenStore.js"
import { strikeOutText } from "../redact/text.js"
import { warn } from "../warnings/warn.js"

export interface StoredToken {
  /**
   * Returns a token of another process if it is usable, and otherwise a token from `acquire`. A
   * token from `acquire` is stored for other processes if `mayKeep` returns true when the token
   * arrives.
   */
  readonly renew: <R>(
    isOfUse: (token: AccessToken) => boolean,
    acquire: Effect.Effect<AccessToken, AuthError, R>,
    mayKeep: () => boolean
  ) => Effect.Effect<AccessToken, AuthError, R>
  /** Removes a refused token from the store, if the store still has it. */
  readonly forget: (token: AccessToken) => Effect.Effect<void>
}

export interface Settings {
  /** Whether a token can be used without a renewal. */
  readonly isFresh: (token: AccessToken, now: number) => boolean
  /**
   * How long to wait for the lock. After this time, the call continues without the lock, because
   * the process that holds the lock may hang.
   */
  readonly lockWait: Duration.Duration
}

/**
 * How long a store may take to respond. A request to the token endpoint usually takes less time.
 */
const answerWait = Duration.seconds(5)

export const make = (store: TokenStore, key: Key, { isFresh, lockWait }: Settings): StoredToken => {
  /**
   * Reads the stored token. The outer `Option` is `None` if the store cannot be reached. The inner
   * `Option` is `None` if there is no usable token.
   */
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
          // If the store cannot be reached, the token is requested without the store, because a
          // further access to the store would probably fail too.
          Option.match({
            onNone: () => acquire,
            onSome: Option.match({ onNone: () => orElse, onSome: Effect.succeed })
          })
        )
      // The store is read again under the lock, because the process that held the lock before may
      // have stored a usable token.
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
 * Runs a step of the store, such as reading a token. If the store fails, throws or does not
 * respond, this function logs a warning and returns `None`, so that the caller still gets a token.
 *
 * The step runs in its own fiber. After `duration`, this fiber is interrupted. The caller does not
 * wait for the end of the fiber, because the fiber may be in an uninterruptible call that never
 * returns.
 */
const withinTime = <A, R>(
  what: "read" | "written" | "locked" | "unlocked",
  duration: Duration.Duration,
  effect: Effect.Effect<A, TokenStoreError, R>,
  token?: AccessToken
): Effect.Effect<Option.Option<A>, never, R> =>
  effect.pipe(
    Effect.disconnect,
    // The step can be interrupted even if it runs in the release of a resource, which is
    // uninterruptible.
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
      Effect.flatMap(FiberRef.get(FiberRef.interruptedCause), (interruption) =>
        // If this fiber was interrupted, the provider is closing, and the store has not failed.
        Cause.isEmpty(interruption)
          ? Effect.as(
              warn(strikeOutText(explain(cause), token === undefined ? [] : [token.value])),
              Option.none()
            )
          : Effect.succeedNone
      )
    )
  )

/**
 * Describes a failure of the store. The message of a defect is not shown, because it could contain
 * stored data.
 */
const explain = (cause: Cause.Cause<TokenStoreError>): string =>
  Option.match(Cause.failureOption(cause), {
    onSome: ({ message }) => message,
    onNone: () => "The token store failed unexpectedly; continuing without it"
  })
