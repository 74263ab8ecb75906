/**
 * A client of an OpenID provider: the protocol steps of `oauth4webapi` as effects. The library is
 * loaded with the first step, because a backend with client credentials does not need it.
 */
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import type { JsonObject } from "@innerspace-metrics/core/JsonValue"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as OAuth from "oauth4webapi"
import type { Transport } from "../undici/transport.js"
import { type Failure, timedOut, toFailure } from "./failure.js"
import { type Fetch, fetchOver } from "./fetch.js"

/** The application, as registered with the provider. */
export interface Settings {
  readonly issuer: string
  readonly clientId: string
  /** Only a web app has a secret. */
  readonly clientSecret: Redacted.Redacted<string> | undefined
  readonly scope: string
  /** `audience`, `organization`, `connection` and other parameters of the authorization request. */
  readonly parameters: Readonly<Record<string, string>>
  readonly clockTolerance: Duration.Duration
  /** The time limit of one request. */
  readonly timeout: Duration.Duration
}

/** The response of a token endpoint. The ID token has been validated. */
export interface Tokens {
  readonly accessToken: Redacted.Redacted<string>
  readonly expiresIn: number | undefined
  readonly refreshToken: Redacted.Redacted<string> | undefined
  readonly claims: JsonObject | undefined
}

/** A code for a device (RFC 8628, section 3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: Redacted.Redacted<string>
  readonly userCode: string
  readonly verificationUri: string
  readonly verificationUriComplete: string | undefined
  readonly expiresIn: Duration.Duration
  readonly interval: Duration.Duration
}

/** What must be remembered between an authorization request and its response. */
export interface Authorization {
  readonly state: string
  readonly nonce: string
  readonly verifier: Redacted.Redacted<string>
  readonly redirectUri: string
}

export interface OpenIdClient {
  readonly deviceAuthorization: Effect.Effect<DeviceAuthorization, Failure>
  readonly pollDevice: (code: Redacted.Redacted<string>) => Effect.Effect<Tokens, Failure>
  /** The URL of the provider's page, and the values that the provider's response must match. */
  readonly authorize: (
    redirectUri: string,
    parameters?: Readonly<Record<string, string>>
  ) => Effect.Effect<readonly [url: string, remembered: Authorization], Failure>
  /** Checks `state` and `iss` of a response, and exchanges the code in the response for tokens. */
  readonly exchange: (
    response: URLSearchParams,
    remembered: Authorization
  ) => Effect.Effect<Tokens, Failure>
  readonly refresh: (token: Redacted.Redacted<string>) => Effect.Effect<Tokens, Failure>
  /** Ends the grant of a refresh token (RFC 7009), if the provider supports revocation. */
  readonly revoke: (token: Redacted.Redacted<string>) => Effect.Effect<void, Failure>
  /** The page that ends the provider's own session, if there is one. */
  readonly signOutUrl: (returnTo: string) => Effect.Effect<string | undefined, Failure>
}

interface Loaded {
  readonly oauth: typeof OAuth
  readonly server: OAuth.AuthorizationServer
  readonly client: OAuth.Client
  readonly authentication: OAuth.ClientAuth
}

export const make = (transport: Transport, settings: Settings): OpenIdClient => {
  const ownSecrets = settings.clientSecret === undefined ? [] : [settings.clientSecret]
  let loaded: Loaded | undefined

  /** Runs steps that may send requests. Each request is aborted after the time limit. */
  const run = <A>(
    secrets: HttpExchange.Secrets,
    steps: (oauth: typeof OAuth, http: Http) => Promise<A>
  ): Effect.Effect<A, Failure> => {
    const all = [...ownSecrets, ...secrets]
    return Effect.clockWith((clock) =>
      Effect.tryPromise({
        try: async (signal) => {
          const oauth = await import("oauth4webapi")
          return steps(oauth, {
            signal,
            [oauth.customFetch]: fetchOver(transport, all),
            // `fetchOver` allows insecure requests only to this machine.
            [oauth.allowInsecureRequests]: true
          })
        },
        catch: (cause) => toFailure(cause, all, clock.unsafeCurrentTimeMillis())
      })
    ).pipe(
      // The request is interruptible even inside an uninterruptible region, so that the time limit
      // can end it.
      Effect.interruptible,
      Effect.timeoutFail({ duration: settings.timeout, onTimeout: () => timedOut })
    )
  }

  const load = run([], async (oauth, http): Promise<Loaded> => {
    const issuer = new URL(settings.issuer)
    const response = await oauth.discoveryRequest(issuer, http)
    const server = await oauth.processDiscoveryResponse(issuer, response)
    const client = {
      client_id: settings.clientId,
      [oauth.clockTolerance]: Duration.toSeconds(settings.clockTolerance)
    }
    const authentication =
      settings.clientSecret === undefined
        ? oauth.None()
        : oauth.ClientSecretPost(Redacted.value(settings.clientSecret))
    return { oauth, server, client, authentication }
  }).pipe(
    // The requests so far only read the provider's metadata, and changed nothing at the provider.
    Effect.mapError((failure) => ({ ...failure, isWithoutEffect: true })),
    Effect.tap((found) =>
      Effect.sync(() => {
        loaded = found
      })
    )
  )

  const step = <A>(
    secrets: HttpExchange.Secrets,
    steps: (loaded: Loaded, http: Http) => Promise<A>
  ): Effect.Effect<A, Failure> =>
    Effect.flatMap(
      Effect.suspend(() => (loaded === undefined ? load : Effect.succeed(loaded))),
      (found) =>
        Effect.clockWith((clock) =>
          run(secrets, (_, http) => steps({ ...found, client: byClock(found, clock) }, http))
        )
    )

  return {
    deviceAuthorization: step([], async ({ authentication, client, oauth, server }, http) => {
      const found = await oauth.processDeviceAuthorizationResponse(
        server,
        client,
        await oauth.deviceAuthorizationRequest(
          server,
          client,
          authentication,
          { scope: settings.scope, ...settings.parameters },
          http
        )
      )
      return {
        deviceCode: Redacted.make(found.device_code),
        userCode: found.user_code,
        verificationUri: found.verification_uri,
        verificationUriComplete: found.verification_uri_complete,
        expiresIn: Duration.seconds(found.expires_in),
        interval: Duration.seconds(found.interval ?? 5)
      }
    }),
    pollDevice: (code) =>
      step([code], async ({ authentication, client, oauth, server }, http) => {
        const response = await oauth.deviceCodeGrantRequest(
          server,
          client,
          authentication,
          Redacted.value(code),
          http
        )
        const answer = await oauth.processDeviceCodeResponse(server, client, response)
        await verifySignature(oauth, server, response, answer, http)
        return tokensOf(oauth, answer)
      }),
    authorize: (redirectUri, parameters = {}) =>
      step([], async ({ client, oauth, server }) => {
        const verifier = oauth.generateRandomCodeVerifier()
        const remembered = {
          state: oauth.generateRandomState(),
          nonce: oauth.generateRandomNonce(),
          verifier: Redacted.make(verifier),
          redirectUri
        }
        const url = new URL(server.authorization_endpoint ?? "")
        const all = {
          ...settings.parameters,
          ...parameters,
          client_id: client.client_id,
          response_type: "code",
          redirect_uri: redirectUri,
          scope: settings.scope,
          state: remembered.state,
          ...(isOpenId(settings) ? { nonce: remembered.nonce } : {}),
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256"
        }
        for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
        return [url.href, remembered] as const
      }),
    exchange: (received, { nonce, redirectUri, state, verifier }) => {
      const code = Redacted.make(received.get("code") ?? "")
      return step([code, verifier], async ({ authentication, client, oauth, server }, http) => {
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          oauth.validateAuthResponse(server, client, received, state),
          redirectUri,
          Redacted.value(verifier),
          http
        )
        const answer = await oauth.processAuthorizationCodeResponse(
          server,
          client,
          response,
          isOpenId(settings) ? { expectedNonce: nonce, requireIdToken: true } : {}
        )
        await verifySignature(oauth, server, response, answer, http)
        return tokensOf(oauth, answer)
      })
    },
    refresh: (token) =>
      step([token], async ({ authentication, client, oauth, server }, http) =>
        // The signature of the ID token is not checked again, because a failure of this check would
        // lose the new refresh token.
        tokensOf(
          oauth,
          await oauth.processRefreshTokenResponse(
            server,
            client,
            await oauth.refreshTokenGrantRequest(
              server,
              client,
              authentication,
              Redacted.value(token),
              http
            )
          )
        )
      ),
    revoke: (token) =>
      step([token], async ({ authentication, client, oauth, server }, http) => {
        if (server.revocation_endpoint === undefined) return
        await oauth.processRevocationResponse(
          await oauth.revocationRequest(server, client, authentication, Redacted.value(token), http)
        )
      }),
    signOutUrl: (returnTo) =>
      step([], async ({ client, server }) => {
        if (server.end_session_endpoint === undefined) return undefined
        const url = new URL(server.end_session_endpoint)
        url.searchParams.set("client_id", client.client_id)
        url.searchParams.set("post_logout_redirect_uri", returnTo)
        return url.href
      })
  }
}

const system = /* @__PURE__ */ Clock.make()

/**
 * The client, which checks the times in ID tokens with this clock. `oauth4webapi` always reads the
 * system's clock, but can add a difference to the system's time.
 */
const byClock = ({ client, oauth }: Loaded, clock: Clock.Clock): OAuth.Client => ({
  ...client,
  // The difference is computed when a response is checked, because the clock may have been set
  // since the request.
  get [oauth.clockSkew]() {
    return Math.round((clock.unsafeCurrentTimeMillis() - system.unsafeCurrentTimeMillis()) / 1000)
  }
})

/** The options of `oauth4webapi` for requests. */
interface Http {
  readonly signal: AbortSignal
  readonly [OAuth.customFetch]: Fetch
  readonly [OAuth.allowInsecureRequests]: true
}

const isOpenId = ({ scope }: Settings): boolean => scope.split(" ").includes("openid")

/** If there is an ID token, checks its signature with the provider's published keys. */
const verifySignature = async (
  oauth: typeof OAuth,
  server: OAuth.AuthorizationServer,
  response: Response,
  answer: OAuth.TokenEndpointResponse,
  http: Http
): Promise<void> => {
  if (answer.id_token !== undefined) {
    await oauth.validateApplicationLevelSignature(server, response, http)
  }
}

const tokensOf = (oauth: typeof OAuth, answer: OAuth.TokenEndpointResponse): Tokens => ({
  accessToken: Redacted.make(answer.access_token),
  expiresIn: answer.expires_in,
  refreshToken:
    answer.refresh_token === undefined ? undefined : Redacted.make(answer.refresh_token),
  claims: jsonOf(oauth.getValidatedIdTokenClaims(answer))
})

const jsonOf = (claims: OAuth.IDToken | undefined): JsonObject | undefined =>
  // The claims were parsed from JSON, so no value is `undefined`, although the type allows it.
  claims as JsonObject | undefined
