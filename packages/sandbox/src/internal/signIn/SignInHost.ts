import * as Effect from "effect/Effect"
import type { Answer } from "../http/Answer.js"
import { json } from "../http/Answer.js"
import { isLoopback } from "../http/Cors.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { Endpoint } from "../http/Router.js"
import { grantTypeOf } from "../http/requestNotes.js"
import type { SandboxClock } from "../SandboxClock.js"
import * as OfflineAccess from "./OfflineAccess.js"
import type { Options as ProviderOptions } from "./OpenIdProvider.js"
import * as Pages from "./Pages.js"
import * as PrivateExchange from "./PrivateExchange.js"
import type { ProviderStore } from "./ProviderStore.js"
import * as ProviderStores from "./ProviderStore.js"
import type { Username } from "./people.js"
import { accounts, bySubject, profileOf } from "./people.js"
import * as TokenGrant from "./TokenGrant.js"

export interface Options extends Omit<ProviderOptions, "store" | "sessionCookie"> {
  readonly clock: SandboxClock
  readonly port: number
}

/** The host of an Auth0 tenant, where people sign in and out and their apps get tokens. */
export interface SignInHost {
  readonly endpoints: ReadonlyArray<Endpoint>
  /** The response to all other paths of the provider. */
  readonly other: (request: IncomingRequest) => Effect.Effect<Answer>
  /** Signs one person or everyone out everywhere. */
  readonly signOut: (username: Username | undefined) => void
}

export const make = (options: Options): Effect.Effect<SignInHost> =>
  Effect.gen(function* () {
    const store = ProviderStores.make(options.clock)
    const sessionCookie = `sandbox-${options.port}`
    // The OpenID provider is loaded at the first sign-in. Loading takes half a second, and most
    // sandboxes serve only machines.
    const exchange = yield* Effect.cached(
      Effect.promise(async () => {
        const { make } = await import("./OpenIdProvider.js")
        return PrivateExchange.make(make({ ...options, store, sessionCookie }).callback())
      })
    )
    const provider = (request: IncomingRequest) =>
      Effect.flatMap(exchange, (send) => send(withoutOrigin(request)))
    const endpoint = (
      kind: Endpoint["kind"],
      path: string,
      answer: Endpoint["answer"],
      notes?: Endpoint["notes"]
    ): Endpoint => ({ api: "login", kind, path, answer, ...(notes === undefined ? {} : { notes }) })
    const signOut = (request: IncomingRequest) =>
      Effect.sync(() => endSession(store, sessionCookie, request))
    return {
      endpoints: [
        endpoint("authorize", "/authorize", (request) => authorize(provider, request), prompt),
        endpoint("sign-in", "/u/login", provider),
        endpoint(
          "token",
          "/oauth/token",
          (request) => TokenGrant.answer(provider, request),
          grantTypeOf
        ),
        endpoint("device", "/oauth/device/code", (request) => TokenGrant.device(provider, request)),
        endpoint("revoke", "/oauth/revoke", (request) => provider(TokenGrant.asForm(request))),
        endpoint("userinfo", "/userinfo", (request) => userinfo(options, provider, request)),
        endpoint("sign-out", "/v2/logout", signOut),
        endpoint("sign-out", "/oidc/logout", signOut)
      ],
      other: provider,
      signOut: (username) =>
        store.signOut(accounts.find((account) => account.username === username)?.subject)
    }
  })

/** Removes the origin, because CORS is handled for all hosts in one place. */
const withoutOrigin = (request: IncomingRequest): IncomingRequest => {
  const { origin, ...headers } = request.headers
  return { ...request, headers }
}

const queryOf = ({ url }: IncomingRequest): URLSearchParams =>
  new URL(url, "http://localhost").searchParams

const prompt: Endpoint["notes"] = (request) => {
  const value = queryOf(request).get("prompt")
  return value === null ? {} : { prompt: value }
}

/**
 * With `web_message`, a hidden frame loads the response. An error in it has status 200, so that
 * browsers do not also report the error.
 */
const authorize = (
  provider: (request: IncomingRequest) => Effect.Effect<Answer>,
  request: IncomingRequest
): Effect.Effect<Answer> =>
  Effect.map(provider(OfflineAccess.remember(request)), (answer) =>
    answer.status === 400 && queryOf(request).get("response_mode") === "web_message"
      ? { ...answer, status: 200 }
      : answer
  )

/**
 * Responds to a request whose token is an access token of the API, as Auth0 does. Such a token is a
 * JWT. Any other token is valid only for this endpoint, and the provider handles its request.
 */
const userinfo = (
  { issuer, tokens }: Options,
  provider: (request: IncomingRequest) => Effect.Effect<Answer>,
  request: IncomingRequest
): Effect.Effect<Answer> => {
  const token = /^bearer ([^\s,.]+\.[^\s,]+)$/i.exec(request.headers["authorization"] ?? "")?.[1]
  if (token === undefined) return provider(request)
  return tokens.verifyPerson(token, `${issuer}userinfo`).pipe(
    Effect.match({
      onFailure: () =>
        json(401, { error: "invalid_token", error_description: "invalid token provided" }),
      onSuccess: (subject) => {
        const account = bySubject(subject)
        return json(200, account === undefined ? { sub: subject } : profileOf(account))
      }
    })
  )
}

/** Auth0's sign-out. It ends the session without asking, and redirects to the app's address. */
const endSession = (
  store: ProviderStore,
  sessionCookie: string,
  request: IncomingRequest
): Answer => {
  const id = new RegExp(`(?:^|; *)${sessionCookie}=([^;]+)`).exec(
    request.headers["cookie"] ?? ""
  )?.[1]
  if (id !== undefined) store.endSession(id)
  const query = queryOf(request)
  const returnTo = query.get("returnTo") ?? query.get("post_logout_redirect_uri")
  const headers = {
    "cache-control": "no-store",
    "content-type": "text/html; charset=utf-8",
    "set-cookie": [sessionCookie, `${sessionCookie}.sig`].map(
      (name) => `${name}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly; samesite=lax`
    )
  }
  if (returnTo === null) return { status: 200, headers, body: Pages.signedOut }
  return isLoopback(returnTo)
    ? { status: 302, headers: { ...headers, location: returnTo }, body: "" }
    : {
        status: 400,
        headers,
        body: Pages.problem(
          "invalid_request",
          `The returnTo address "${returnTo}" is not on this machine.`
        )
      }
}
