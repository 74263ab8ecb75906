import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as oauth from "oauth4webapi"
import type { Browser } from "./browser.js"
import * as Browsers from "./browser.js"
import type { Answer } from "./client.js"
import { request } from "./client.js"

const http = { [oauth.allowInsecureRequests]: true }

export const callback = "http://localhost:5173/callback"

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, Error> =>
  Effect.tryPromise({
    try: run,
    catch: (error) => (error instanceof Error ? error : new Error(String(error)))
  })

/** A single-page app with a certified OpenID Connect client. */
export interface App {
  readonly browser: Browser
  /** Requests an authorization code. `parameters` replace the default parameters. */
  readonly authorize: (
    parameters?: Readonly<Record<string, string>>
  ) => Effect.Effect<Answer, Error>
  /** Fills in the form of `authorize` and returns to the app. */
  readonly submit: (
    answer: Answer,
    person: Sandbox.Person,
    password?: string
  ) => Effect.Effect<Answer, Error>
  /** Exchanges the returned code for tokens. */
  readonly exchange: (answer: Answer) => Effect.Effect<oauth.TokenEndpointResponse, Error>
  readonly refresh: (token: string) => Effect.Effect<oauth.TokenEndpointResponse, Error>
  readonly userinfo: (
    token: string,
    subject: string
  ) => Effect.Effect<oauth.UserInfoResponse, Error>
}

export const make = (sandbox: Sandbox.Service, browser = Browsers.make()) =>
  Effect.gen(function* () {
    const issuer = new URL(`${sandbox.urls.login}/`)
    const server = yield* attempt(async () =>
      oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http))
    )
    const client: oauth.Client = { client_id: sandbox.signIn.clientId }
    const none = oauth.None()
    const verifier = oauth.generateRandomCodeVerifier()
    const challenge = yield* attempt(() => oauth.calculatePKCECodeChallenge(verifier))
    const state = oauth.generateRandomState()
    const nonce = oauth.generateRandomNonce()
    const app: App = {
      browser,
      authorize: (parameters = {}) =>
        browser.get(
          `${server.authorization_endpoint}?${new URLSearchParams({
            client_id: client.client_id,
            response_type: "code",
            redirect_uri: callback,
            scope: "openid profile email offline_access",
            audience: sandbox.signIn.audience,
            state,
            nonce,
            code_challenge: challenge,
            code_challenge_method: "S256",
            ...parameters
          })}`
        ),
      submit: (answer, person, password = Redacted.value(person.password)) =>
        Effect.gen(function* () {
          const form = new URL(locationOf(answer), issuer).href
          const submitted = yield* browser.submit(form, { username: person.username, password })
          return submitted.status === 303 ? yield* browser.get(locationOf(submitted)) : submitted
        }),
      exchange: (answer) =>
        attempt(async () => {
          const parameters = oauth.validateAuthResponse(
            server,
            client,
            new URL(locationOf(answer)),
            state
          )
          return oauth.processAuthorizationCodeResponse(
            server,
            client,
            await oauth.authorizationCodeGrantRequest(
              server,
              client,
              none,
              parameters,
              callback,
              verifier,
              http
            ),
            { expectedNonce: nonce, requireIdToken: true }
          )
        }),
      refresh: (token) =>
        attempt(async () =>
          oauth.processRefreshTokenResponse(
            server,
            client,
            await oauth.refreshTokenGrantRequest(server, client, none, token, http)
          )
        ),
      userinfo: (token, subject) =>
        attempt(async () =>
          oauth.processUserInfoResponse(
            server,
            client,
            subject,
            await oauth.userInfoRequest(server, client, token, http)
          )
        )
    }
    return app
  })

export const locationOf = ({ headers }: Answer): string => headers.get("location") ?? ""

/** The parameters that were returned to the app. */
export const parametersOf = (answer: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(locationOf(answer), callback).searchParams)

/** Signs a person in and returns their tokens. */
export const signIn = (sandbox: Sandbox.Service, person: Sandbox.Person, browser?: Browser) =>
  Effect.gen(function* () {
    const app = yield* make(sandbox, browser)
    const back = yield* app.submit(yield* app.authorize(), person)
    return { app, tokens: yield* app.exchange(back) }
  })

/**
 * Returns the page of a silent authorization in a hidden frame. A script of this page posts the
 * result as a message.
 */
export const silent = (app: App): Effect.Effect<string, Error> =>
  Effect.map(app.authorize({ prompt: "none", response_mode: "web_message" }), ({ text }) => text)

export const tokenRequest = (
  sandbox: Sandbox.Service,
  fields: Readonly<Record<string, string>>
): Effect.Effect<Answer, Error> =>
  request(`${sandbox.urls.login}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: sandbox.signIn.clientId, ...fields })
  })
