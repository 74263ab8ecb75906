/** A provider of a person's tokens, for any sign-in flow. */
import type * as Api from "@innerspace-metrics/core/Api"
import type { JsonObject } from "@innerspace-metrics/core/JsonValue"
import type * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Client from "../openid/client.js"
import { transports } from "../transports.js"
import * as Grant from "./grant.js"
import { check, type SignInOptions } from "./options.js"
import * as PersonTokens from "./tokens.js"

/** The tokens of a person who signs in. */
export interface PersonTokenProvider extends TokenProvider.TokenProvider {
  /**
   * Lets the person sign in, and replaces the person who was signed in before. Interrupt the effect
   * to cancel. Fails with an `AuthError`: `SignInDenied`, `SignInExpired`, or an error that the
   * provider reports.
   */
  readonly signIn: Effect.Effect<void, AuthError>
  /**
   * The claims of the person's validated ID token, such as `sub` and `name`. `None` if nobody is
   * signed in.
   */
  readonly person: Effect.Effect<Option.Option<JsonObject>, AuthError>
  /**
   * Forgets the tokens, here and in the store, and revokes the refresh token at the provider. Fails
   * if the provider cannot be reached; the tokens are forgotten anyway.
   */
  readonly signOut: Effect.Effect<void, AuthError>
}

export const make = (
  options: SignInOptions,
  kinds: LayerOptions.Kinds,
  choice: Api.Choice,
  flow: (client: Client.OpenIdClient) => Effect.Effect<Client.Tokens, AuthError>
): Effect.Effect<PersonTokenProvider, ConfigurationError, Scope.Scope> =>
  Effect.gen(function* () {
    const { key, renewBefore, settings, waitBefore } = yield* check(options, kinds, choice)
    const client = Client.make((yield* transports).tokens, settings)
    const store = options.tokenStore ?? (yield* TokenStore.makeMemory)
    const tokens = yield* PersonTokens.make(
      { store, key },
      { renewBefore, waitBefore, refresh: client.refresh, revoke: client.revoke }
    )
    // Two sign-ins at once would show two codes or open two windows.
    const oneAtATime = yield* Effect.makeSemaphore(1)
    return {
      get: tokens.get,
      invalidate: tokens.invalidate,
      signIn: Effect.flatMap(flow(client), (answer) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          tokens.replace(Grant.fromSignIn(answer, now))
        )
      ).pipe(oneAtATime.withPermits(1)),
      person: Effect.map(
        tokens.grant,
        Option.flatMap(({ claims }) => Option.fromNullable(claims))
      ),
      signOut: tokens.end
    }
  })
