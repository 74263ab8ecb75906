import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type {
  Auth0AuthorizationParams,
  Auth0Client,
  CallbackRequest
} from "../BrowserTokenProvider.js"

export const auth0Token =
  (client: Auth0Client, authorizationParams: Auth0AuthorizationParams | undefined) =>
  ({ isRefused }: CallbackRequest): Promise<string | undefined> =>
    client.getTokenSilently({
      ...(isRefused ? { cacheMode: "off" } : {}),
      ...(authorizationParams === undefined ? {} : { authorizationParams })
    })

/** Whether a token belongs to the person who has signed in with this client. */
export const auth0Person =
  (client: Auth0Client) =>
  (token: AccessToken.AccessToken): Effect.Effect<boolean> =>
    client.getUser === undefined
      ? Effect.succeed(true)
      : Effect.tryPromise(async () => client.getUser?.()).pipe(
          Effect.map(
            (user) =>
              user?.sub !== undefined &&
              Option.exists(AccessToken.claims(token), (claims) => claims["sub"] === user.sub)
          ),
          Effect.orElseSucceed(() => false)
        )
