/**
 * Observes how the client uses tokens. The observer is between the calls and the token provider.
 */
import type { AccessToken } from "@innerspace-metrics/core/AccessToken"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** A token that calls have received. Times are in milliseconds. */
export interface UsedToken {
  readonly obtainedAt: number
  /** When a call received the token for the first time. */
  readonly usedAt: number
  /** When a call reported for the first time that the API had refused the token. */
  readonly refusedAt?: number
}

export interface ObservedTokens {
  readonly provider: TokenProvider.TokenProvider
  /** The tokens, in the order of their first use. */
  readonly used: () => ReadonlyArray<UsedToken>
}

export const observed = (provider: TokenProvider.TokenProvider): ObservedTokens => {
  const used = new Map<string, UsedToken>()
  const note = (token: AccessToken, change: (now: number) => Partial<UsedToken>) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const key = Redacted.value(token.value)
      const known = used.get(key) ?? { obtainedAt: token.obtainedAt.epochMillis, usedAt: now }
      used.set(key, { ...change(now), ...known })
    })
  return {
    provider: TokenProvider.TokenProvider.of({
      get: Effect.tap(provider.get, (token) => note(token, () => ({}))),
      invalidate: (token) =>
        Effect.zipRight(
          note(token, (refusedAt) => ({ refusedAt })),
          provider.invalidate(token)
        )
    }),
    used: () => [...used.values()]
  }
}
