/**
 * Sessions of the people who use a web app with a server: they sign in at an OpenID provider, and
 * their tokens stay on the server (authorization code grant with PKCE, RFC 6749, RFC 7636, RFC
 * 9700).
 */
import type * as Api from "@innerspace-metrics/core/Api"
import type { JsonObject } from "@innerspace-metrics/core/JsonValue"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as sessions from "./internal/web/sessions.js"
import type { SignInOptions } from "./NodeTokenProvider.js"

/** The web app, as registered with the identity provider, and its API. */
export interface Options extends SignInOptions, Api.Choice {
  readonly clientSecret: Redacted.Redacted<string>
  /**
   * The address of the app, such as `https://reports.example.com`. The provider must allow
   * `<appUrl>/callback` as a callback, and `appUrl` as the address after a sign-out. The address
   * must be `https`, except on this machine.
   */
  readonly appUrl: string
  /**
   * At least 32 random characters. The secret encrypts the cookie that the browser keeps between
   * the start of a sign-in and the provider's response. All processes of the app need the same
   * secret.
   */
  readonly cookieSecret: Redacted.Redacted<string>
  /** How long a session lasts after its sign-in. Default 12 hours. */
  readonly sessionLifetime?: Duration.DurationInput
  /**
   * The maximum number of sessions that a process holds. When there are more, the least recently
   * used session is dropped. With a `tokenStore`, a dropped session is read from the store when it
   * is used again. Without a store, the person must sign in again. Default 10,000.
   */
  readonly maxSessions?: number
  /** The paths of the app that `handle` serves. Default `/login`, `/callback` and `/logout`. */
  readonly paths?: {
    readonly login?: string
    readonly callback?: string
    readonly logout?: string
  }
  /** Settings of the calls of each session's client. */
  readonly client?: Omit<MetricsClient.Options, "api" | "baseUrl">
}

/** A person who is signed in. */
export interface Session {
  /** The claims of the validated ID token, such as `sub`, `name` and `email`. */
  readonly person: JsonObject
  /** The person's tokens. One refresh serves all requests, tabs and processes. */
  readonly tokens: TokenProvider.TokenProvider
  /** A client that calls the API as this person. */
  readonly metrics: MetricsClient.MetricsClient
}

/** The part of a request that `session` reads. `Request` and the request of `node:http` have it. */
export interface WithCookies {
  readonly headers:
    | { readonly get: (name: string) => string | null }
    | { readonly cookie?: string | undefined }
}

/**
 * The operations of `WebSessions`.
 */
export interface WebSessions {
  /**
   * Responds to a request for the sign-in, its callback or the sign-out. Returns `None` for every
   * other path.
   *
   * - `GET /login?returnTo=/path` sends the browser to the provider. The path must belong to this
   *   app.
   * - `GET /callback` receives the provider's response, starts a session, and sends the browser to
   *   the path in `returnTo`.
   * - `POST /logout` ends the session here and at the provider.
   *
   * `handle` does not fail. It logs an error, and shows the person a page about the error. The page
   * contains no secret.
   */
  readonly handle: (request: Request) => Effect.Effect<Option.Option<Response>>
  /**
   * The session of a request, or `None` if nobody is signed in. Fails with an `AuthError`
   * (`Unavailable`) if the token store cannot be read.
   *
   * A call of the session's client fails with `SignInRequired` when the provider has ended the
   * session. In that case, send the browser to `/login`.
   */
  readonly session: (
    request: WithCookies
  ) => Effect.Effect<Option.Option<Session>, AuthError | ConfigurationError>
}

/**
 * The service that returns the session of a request.
 *
 * @example
 * ```ts
 * import { WebSessions } from "@innerspace-metrics/node-adapter"
 * import * as Effect from "effect/Effect"
 *
 * const answer = (request: Request) =>
 *   Effect.flatMap(WebSessions.WebSessions, (sessions) => sessions.handle(request))
 * ```
 */
export const WebSessions: Context.Tag<WebSessions, WebSessions> =
  /* @__PURE__ */ Context.GenericTag<WebSessions>("@innerspace-metrics/node-adapter/WebSessions")

/**
 * Creates the `WebSessions` of a web app. They can be used until the scope closes.
 *
 * Tokens are kept in memory unless there is a `tokenStore`. If the app runs in several processes,
 * the store must be shared and have a lock, because a refresh token must not be sent twice.
 *
 * Fails with a `ConfigurationError` (`InvalidOption`) for an option that cannot be used.
 *
 * @example
 * ```ts
 * import { FileTokenStore, WebSessions } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const sessions = WebSessions.make({
 *   issuer: "https://my-team.eu.auth0.com",
 *   clientId: "my-web-app",
 *   clientSecret: Redacted.make("from a vault"),
 *   cookieSecret: Redacted.make("from a vault too, at least 32 characters"),
 *   appUrl: "https://reports.example.com",
 *   api: "v2",
 *   tokenStore: FileTokenStore.make({ directory: "/var/lib/reports/sessions" })
 * })
 * ```
 */
export const make: (
  options: Options
) => Effect.Effect<WebSessions, ConfigurationError, Scope.Scope> = sessions.make

/**
 * `make` as a layer.
 *
 * @example
 * ```ts
 * import { WebSessions } from "@innerspace-metrics/node-adapter"
 * import * as Redacted from "effect/Redacted"
 *
 * const SessionsLive = WebSessions.layer({
 *   issuer: "https://my-team.eu.auth0.com",
 *   clientId: "my-web-app",
 *   clientSecret: Redacted.make("from a vault"),
 *   cookieSecret: Redacted.make("from a vault too, at least 32 characters"),
 *   appUrl: "https://reports.example.com"
 * })
 * ```
 */
export const layer = (options: Options): Layer.Layer<WebSessions, ConfigurationError> =>
  Layer.scoped(WebSessions, make(options))
