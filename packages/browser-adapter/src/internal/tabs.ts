/**
 * One renewal for all tabs of an origin with the same person and API.
 *
 * A tab that needs a new token acquires a Web Lock, and then asks the other tabs. Each tab that has
 * a token replies with it. The asking tab uses this token only if it is newer than its own token.
 * Tokens are only in the tabs' memory, and are sent only in such a reply.
 *
 * A tab learns the person's identity from its own first token. The first token therefore never
 * comes from another tab, unless the app passes the identity. The names of the Web Lock and of the
 * `BroadcastChannel` contain the identity, so code that does not know the identity can neither
 * listen nor ask.
 */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type * as Api from "@innerspace-metrics/core/Api"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Page } from "./page.js"

export interface Settings {
  readonly api: Api.Api
  /** URL of the API. */
  readonly url: string
  /** Identifies the signed-in person, if the app passes the identity. */
  readonly identity: string | undefined
  /** An additional check of a token from another tab. */
  readonly mayAdopt: (token: AccessToken.AccessToken) => Effect.Effect<boolean>
}

export interface Tabs {
  /**
   * Returns a newer token of another tab. If there is none, gets a token from `acquire`, and sends
   * it to other tabs when they ask.
   */
  readonly renew: (
    refused: AccessToken.AccessToken | undefined,
    acquire: Effect.Effect<AccessToken.AccessToken, AuthError>
  ) => Effect.Effect<AccessToken.AccessToken, AuthError>
  /** Called after the API rejects a token. Other tabs must not get that token any more. */
  readonly forget: (token: AccessToken.AccessToken) => Effect.Effect<void>
}

/**
 * How long to wait for the lock. After that time, a tab continues without the lock, because the tab
 * that holds the lock may hang.
 */
const lockWait = "3 seconds"

/**
 * How long to wait for answers of other tabs. Answers take a few milliseconds, and longer from
 * background tabs or on a busy machine.
 */
const answerWait = "500 millis"

export const make = (page: Page, settings: Settings): Effect.Effect<Tabs, never, Scope.Scope> =>
  Effect.gen(function* () {
    let identity = settings.identity
    let current: AccessToken.AccessToken | undefined
    /**
     * Whether this tab got its current token after the API had rejected a token. If so, the current
     * token is valid even if the API has ended all earlier sessions.
     */
    let isReplacement = false
    let channel: BroadcastChannel | undefined
    /** When this tab last took over a token of another tab. */
    let adoptedAt = 0
    /** The pending question and its answer. */
    let question: { readonly id: string; readonly answer: Deferred.Deferred<unknown> } | undefined

    const nameOf = (identity: string) => `@innerspace-metrics ${settings.url} ${identity}`

    const receive = ({ data }: MessageEvent<unknown>) => {
      if (!isRecord(data) || typeof data["id"] !== "string") return
      if (data["type"] === "ask" && current !== undefined) {
        channel?.postMessage({
          type: "token",
          id: data["id"],
          token: Redacted.value(current.value),
          obtainedAt: current.obtainedAt.epochMillis,
          isReplacement
        })
      }
      if (data["type"] === "token" && data["id"] === question?.id) {
        Deferred.unsafeDone(question.answer, Effect.succeed(data))
      }
    }
    const close = () => {
      channel?.close()
      channel = undefined
    }
    // The channel is closed when the user leaves the page, because browsers may exclude a page with
    // an open channel from the back-forward cache.
    const open = () => {
      close()
      // A program on a server has no tabs, and an open channel would keep its process running.
      if (globalThis.location === undefined) return
      if (identity === undefined || typeof BroadcastChannel !== "function") return
      try {
        channel = new BroadcastChannel(nameOf(identity))
        channel.onmessage = receive
        // A program on a server may define `location` to render pages. There, `unref` keeps the
        // channel from holding the process open. Only channels in Node and Bun have `unref`.
        if ("unref" in channel && typeof channel.unref === "function") channel.unref()
      } catch {
        // Some sandboxed frames forbid channels. This tab then renews its own token.
      }
    }
    open()
    yield* page.onLeaveAndReturn(close, open)
    yield* Effect.addFinalizer(() => Effect.sync(close))

    const keep = (token: AccessToken.AccessToken, replaces: boolean) => {
      current = token
      isReplacement = replaces
      if (settings.identity !== undefined) return
      const claimed = identityOf(token)
      if (claimed === identity) return
      identity = claimed
      open()
    }

    const ask = Effect.gen(function* () {
      if (channel === undefined) return undefined
      const id = String(yield* Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER))
      const answer = Deferred.unsafeMake<unknown>(FiberId.none)
      question = { id, answer }
      channel.postMessage({ type: "ask", id })
      return Option.getOrUndefined(yield* Effect.timeoutOption(Deferred.await(answer), answerWait))
    })

    /**
     * The token of an answer, if the token is newer than this tab's token and belongs to the same
     * person.
     */
    const adopt = (answer: unknown, refused: AccessToken.AccessToken | undefined, since: number) =>
      Effect.gen(function* () {
        if (!isRecord(answer) || typeof answer["token"] !== "string") return undefined
        // This comparison also rejects NaN.
        if (typeof answer["obtainedAt"] !== "number" || !(answer["obtainedAt"] >= 0))
          return undefined
        const last = current ?? refused
        if (last !== undefined && answer["obtainedAt"] <= last.obtainedAt.epochMillis)
          return undefined
        // The API may have rejected the token because it has ended all sessions. It would then also
        // reject a token from before this renewal, and a call is replayed only once.
        if (
          refused !== undefined &&
          answer["isReplacement"] !== true &&
          answer["obtainedAt"] < since
        ) {
          return undefined
        }
        // The rejected token came from another tab. The API may also reject all other tokens from
        // before this tab took that token over, so accept only later tokens.
        if (refused?.isShared === true && answer["obtainedAt"] <= adoptedAt) return undefined
        const now = yield* Clock.currentTimeMillis
        const token = yield* AccessToken.make({
          value: Redacted.make(answer["token"]),
          header: settings.api.credential,
          // The lifetime of the token starts when the other tab got the token.
          obtainedAt: DateTime.unsafeMake(Math.min(answer["obtainedAt"], now)),
          isShared: true
        })
        const isKnown = (known: AccessToken.AccessToken | undefined) =>
          known !== undefined && AccessToken.isSame(known, token)
        if (isKnown(refused) || isKnown(current)) return undefined
        if (settings.identity === undefined && identityOf(token) !== identity) return undefined
        return (yield* settings.mayAdopt(token)) ? token : undefined
      }).pipe(Effect.orElseSucceed(() => undefined))

    return {
      renew: (refused, acquire) =>
        Effect.flatMap(Clock.currentTimeMillis, (since) => {
          const replaces = refused !== undefined
          const own = Effect.tap(acquire, (token) => Effect.sync(() => keep(token, replaces)))
          if (identity === undefined) return own
          return inTurn(
            nameOf(identity),
            Effect.gen(function* () {
              const answer = yield* ask
              const adopted = yield* adopt(answer, refused, since)
              if (adopted === undefined) return yield* own
              adoptedAt = yield* Clock.currentTimeMillis
              keep(adopted, isRecord(answer) && answer["isReplacement"] === true)
              return adopted
            })
          )
        }),
      forget: (token) =>
        Effect.sync(() => {
          if (current !== undefined && AccessToken.isSame(current, token)) current = undefined
        })
    }
  })

/** The claims of a JWT except its times and its id. `undefined` for a token that is not a JWT. */
const identityOf = (token: AccessToken.AccessToken): string | undefined =>
  Option.match(AccessToken.claims(token), {
    onNone: () => undefined,
    onSome: (claims) =>
      JSON.stringify(
        Object.entries(claims)
          .filter(([name]) => !["exp", "iat", "nbf", "jti", "auth_time"].includes(name))
          .sort(([a], [b]) => (a < b ? -1 : 1))
      )
  })

/**
 * Runs the effect while holding a lock of the origin. Runs it without a lock if the browser has no
 * locks or the lock is not acquired in time.
 */
const inTurn = <A, E>(name: string, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const locks = globalThis.navigator?.locks
    if (locks === undefined) return effect
    const waiting = new AbortController()
    let release: (() => void) | undefined
    const turn = Effect.async<void>((resume) => {
      locks
        .request(name, { signal: waiting.signal }, () => {
          resume(Effect.void)
          return new Promise<void>((resolve) => {
            release = resolve
          })
        })
        // The wait was aborted, or locks are forbidden.
        .catch(() => resume(Effect.void))
    })
    return turn.pipe(
      Effect.timeoutOption(lockWait),
      Effect.tap(() => Effect.sync(() => release === undefined && waiting.abort())),
      Effect.zipRight(effect),
      Effect.ensuring(
        Effect.sync(() => {
          waiting.abort()
          release?.()
        })
      )
    )
  })
