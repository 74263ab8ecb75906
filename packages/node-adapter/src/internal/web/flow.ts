/** The requests that start and end a session: the sign-in, its callback, and the sign-out. */
import { isJsonObject, type JsonValue } from "@innerspace-metrics/core/JsonValue"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Options as SessionsOptions } from "../../WebSessions.js"
import type { Authorization, OpenIdClient, Tokens } from "../openid/client.js"
import * as Cookies from "./cookies.js"
import * as responses from "./responses.js"
import { returnTo } from "./returnTo.js"
import * as Seal from "./seal.js"

export interface Parts {
  readonly app: URL
  readonly client: OpenIdClient
  readonly cookies: Cookies.Cookies
  readonly lifetime: Duration.Duration
  readonly options: SessionsOptions
  /** Starts a session, and returns its id. */
  readonly start: (tokens: Tokens) => Effect.Effect<string, AuthError | ConfigurationError>
  readonly end: (id: string | undefined) => Effect.Effect<unknown, ConfigurationError>
}

/** How long a person may take at the provider's page, in seconds. */
const signInLimit = 900

/** How many sign-ins a browser may have begun at once. */
const mostSignIns = 4

/**
 * How many used responses of the provider are remembered, so that no code is sent to the provider
 * twice.
 */
const mostUsed = 10_000

/** The data that the browser keeps, encrypted, between the two requests of a sign-in. */
interface Begun extends Authorization {
  readonly returnTo: string
  /** When the sign-in expires, in epoch milliseconds. */
  readonly until: number
}

export const make = (
  parts: Parts
): ((request: Request) => Effect.Effect<Option.Option<Response>>) => {
  const { app, client, cookies, lifetime, options } = parts
  const paths = { login: "/login", callback: "/callback", logout: "/logout", ...options.paths }
  const redirectUri = app.origin + paths.callback
  const seal = Seal.make(options.cookieSecret)
  const used = new Set<string>()

  const login = (request: Request) =>
    Effect.gen(function* () {
      const [url, remembered] = yield* client.authorize(redirectUri)
      const now = yield* Clock.currentTimeMillis
      const name = cookies.signInName(remembered.state)
      const begun = {
        ...remembered,
        verifier: Redacted.value(remembered.verifier),
        returnTo: returnTo(new URL(request.url).searchParams.get("returnTo"), app),
        until: now + signInLimit * 1000
      }
      const earlier = [...Cookies.read(request.headers.get("cookie")).keys()].filter(
        cookies.isSignIn
      )
      return responses.redirect(url, [
        ...(earlier.length >= mostSignIns ? earlier.map(cookies.clear) : []),
        cookies.set(name, seal.close(JSON.stringify(begun), name), signInLimit)
      ])
    })

  const callback = (request: Request) =>
    Effect.gen(function* () {
      const { searchParams } = new URL(request.url)
      const state = searchParams.get("state") ?? ""
      const name = cookies.signInName(state)
      const own = Cookies.read(request.headers.get("cookie"))
      const begun = Option.flatMap(Option.fromNullable(own.get(name)), (sealed) =>
        Option.flatMap(seal.open(sealed, name), readBegun)
      ).pipe(Option.getOrUndefined)
      const now = yield* Clock.currentTimeMillis
      const gone = [cookies.clear(name)]
      // If the cookie is missing, another browser began this sign-in, possibly the browser of an
      // attacker (login CSRF).
      if (begun === undefined || begun.state !== state || now >= begun.until || used.has(state)) {
        return responses.problem(
          400,
          "This sign-in was begun in another browser, has expired, or was already used.",
          paths.login,
          gone
        )
      }
      used.add(state)
      const [oldest] = used
      if (used.size > mostUsed && oldest !== undefined) used.delete(oldest)
      const tokens = yield* client.exchange(searchParams, begun)
      const previous = own.get(cookies.sessionName)
      const id = yield* parts.start(tokens)
      yield* parts.end(previous)
      return responses.redirect(app.origin + begun.returnTo, [
        ...gone,
        cookies.set(cookies.sessionName, id, Duration.toSeconds(lifetime))
      ])
    })

  const logout = (request: Request) =>
    Effect.gen(function* () {
      yield* parts.end(Cookies.read(request.headers.get("cookie")).get(cookies.sessionName))
      const page = yield* Effect.option(client.signOutUrl(`${app.origin}/`))
      return responses.redirect(Option.getOrUndefined(page) ?? `${app.origin}/`, [
        cookies.clear(cookies.sessionName)
      ])
    })

  const answer = (request: Request) => {
    const origin = request.headers.get("origin")
    switch (new URL(request.url).pathname) {
      case paths.login:
        return request.method === "GET" ? login(request) : notBy("GET")
      case paths.callback:
        return request.method === "GET" ? callback(request) : notBy("GET")
      case paths.logout:
        if (request.method !== "POST") return notBy("POST")
        return origin === null || origin === app.origin ? logout(request) : otherSite(paths.login)
      default:
        return undefined
    }
  }

  return (request) =>
    Effect.suspend(() => {
      const answering = answer(request)
      return answering === undefined
        ? Effect.succeedNone
        : Effect.asSome(
            Effect.catchAll(answering, (failed) => {
              const error = failed._tag === "Failure" ? failed.error : failed
              const [status, text] =
                error._tag === "AuthError"
                  ? responses.meaningOf(error)
                  : ([500, "The app is not configured correctly."] as const)
              return Effect.as(
                Effect.logWarning(`A sign-in failed. ${error.message}`),
                responses.problem(status, text, paths.login)
              )
            })
          )
    })
}

const notBy = (method: string) => Effect.sync(() => responses.onlyBy(method))

const otherSite = (loginPath: string) =>
  Effect.sync(() => responses.problem(403, "Another site asked for the sign-out.", loginPath))

const readBegun = (text: string): Option.Option<Begun> =>
  Option.flatMap(
    Either.getRight(Either.try((): JsonValue => JSON.parse(text))),
    (json): Option.Option<Begun> => {
      if (!isJsonObject(json)) return Option.none()
      const { nonce, redirectUri, returnTo, state, until, verifier } = json
      return typeof nonce === "string" &&
        typeof redirectUri === "string" &&
        typeof returnTo === "string" &&
        typeof state === "string" &&
        typeof until === "number" &&
        typeof verifier === "string"
        ? Option.some({
            nonce,
            redirectUri,
            returnTo,
            state,
            until,
            verifier: Redacted.make(verifier)
          })
        : Option.none()
    }
  )
