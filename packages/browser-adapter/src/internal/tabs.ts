/**
 * One renewal for all tabs of an origin in which the same person uses the same API.
 *
 * A tab that wants a new token takes its turn by a Web Lock and asks the others first. The one who
 * has a newer token sends it. Tokens live in the tabs' memory; nothing is stored, and nothing is
 * sent that was not asked for.
 *
 * Who is the same person is known from the tab's own first token, so that one never comes from
 * another tab unless the app says who is signed in. The names of lock and channel hold the
 * identity: who does not know it cannot listen or ask.
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
  /** Who is signed in, where the app knows it better than the tokens. */
  readonly identity: string | undefined
  /** The last word on a token from another tab. */
  readonly mayAdopt: (token: AccessToken.AccessToken) => Effect.Effect<boolean>
}

export interface Tabs {
  /** A newer token of another tab, else one by `acquire`, which the others can have then. */
  readonly renew: (
    refused: AccessToken.AccessToken | undefined,
    acquire: Effect.Effect<AccessToken.AccessToken, AuthError>
  ) => Effect.Effect<AccessToken.AccessToken, AuthError>
  /** Says that the API refused a token: others shall not have it. */
  readonly forget: (token: AccessToken.AccessToken) => Effect.Effect<void>
}

/** How long to wait for a turn. After that a tab that hangs is not waited for. */
const lockWait = "3 seconds"

/**
 * How long other tabs have to answer. They need a few milliseconds, and longer in the background or
 * on a busy machine.
 */
const answerWait = "500 millis"

export const make = (page: Page, settings: Settings): Effect.Effect<Tabs, never, Scope.Scope> =>
  Effect.gen(function* () {
    let identity = settings.identity
    let current: AccessToken.AccessToken | undefined
    /**
     * Whether it came after the API had refused another one: then it is good, whatever the API
     * ended before.
     */
    let isReplacement = false
    let channel: BroadcastChannel | undefined
    /** When this tab last took a token from another one. */
    let adoptedAt = 0
    /** The question under way, and where its answer goes. */
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
    // A page with an open channel may not be kept in the browser's back-forward cache.
    const open = () => {
      close()
      // A program on a server has no tabs, and an open channel would keep its process from ending.
      if (globalThis.location === undefined) return
      if (identity === undefined || typeof BroadcastChannel !== "function") return
      try {
        channel = new BroadcastChannel(nameOf(identity))
        channel.onmessage = receive
        // Where such a program has made a location, as for the rendering of pages: Node's and Bun's
        // channels have this.
        if ("unref" in channel && typeof channel.unref === "function") channel.unref()
      } catch {
        // Forbidden here, as in some sandboxed frames: this tab is on its own.
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

    /** The token of an answer, if it is newer than what this tab has and for the same person. */
    const adopt = (answer: unknown, refused: AccessToken.AccessToken | undefined, since: number) =>
      Effect.gen(function* () {
        if (!isRecord(answer) || typeof answer["token"] !== "string") return undefined
        // Not NaN either, which is no time.
        if (typeof answer["obtainedAt"] !== "number" || !(answer["obtainedAt"] >= 0))
          return undefined
        const last = current ?? refused
        if (last !== undefined && answer["obtainedAt"] <= last.obtainedAt.epochMillis)
          return undefined
        // The API may have ended all sessions: a call is sent again once, and not with a token from
        // before.
        if (
          refused !== undefined &&
          answer["isReplacement"] !== true &&
          answer["obtainedAt"] < since
        ) {
          return undefined
        }
        // Where another tab's token was refused, all of that time may be: only what came since is
        // worth a try.
        if (refused?.isShared === true && answer["obtainedAt"] <= adoptedAt) return undefined
        const now = yield* Clock.currentTimeMillis
        const token = yield* AccessToken.make({
          value: Redacted.make(answer["token"]),
          header: settings.api.credential,
          // Its lifetime counts from when the other tab got it.
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

/** Whom and what a JWT is for: all it says but its times and its number. None for other tokens. */
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
 * Runs the effect while holding a lock of the origin; without it where there are none, or where it
 * is not had in time.
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
        // Aborted, or forbidden here.
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
