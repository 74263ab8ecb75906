/** The sessions that a process holds, and the requests that start and end them. */
import { createHash } from "node:crypto"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import type * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { Options, Session, WebSessions, WithCookies } from "../../WebSessions.js"
import * as Client from "../openid/client.js"
import * as Grant from "../person/grant.js"
import { check } from "../person/options.js"
import * as PersonTokens from "../person/tokens.js"
import { transports } from "../transports.js"
import * as Cookies from "./cookies.js"
import * as Flow from "./flow.js"
import * as MemoryStore from "./memoryStore.js"
import { kinds } from "./options.js"

/** The tokens of a session, which live until their scope closes. */
interface ScopedTokens extends PersonTokens.PersonTokens {
  readonly scope: Scope.CloseableScope
}

interface Held {
  readonly tokens: ScopedTokens
  readonly metrics: MetricsClient.MetricsClient
}

export const make = (
  options: Options
): Effect.Effect<WebSessions, ConfigurationError, Scope.Scope> =>
  Effect.gen(function* () {
    const choice = { api: options.api, baseUrl: options.baseUrl }
    const { key, renewBefore, settings, waitBefore } = yield* check(options, kinds, choice)
    const app = new URL(options.appUrl)
    const lifetime = Duration.decode(options.sessionLifetime ?? "12 hours")
    const most = options.maxSessions ?? 10_000
    const store = options.tokenStore ?? MemoryStore.make(most)
    const transport = yield* transports
    const client = Client.make(transport.tokens, settings)
    const cookies = Cookies.make(app)
    /** The sessions, in the order of their last use. */
    const held = new Map<string, Held>()
    /**
     * The tokens of sessions that are no longer held. Requests may still use these tokens, so their
     * scopes stay open until the app closes. The scope of garbage-collected tokens is not closed.
     */
    const dropped = new Set<WeakRef<ScopedTokens>>()
    const collected = new FinalizationRegistry<WeakRef<ScopedTokens>>((ref) => dropped.delete(ref))
    yield* Effect.addFinalizer((exit) =>
      Effect.forEach(
        [
          ...Array.from(held.values(), ({ tokens }) => tokens),
          ...Array.from(dropped, (ref) => ref.deref()).filter((tokens) => tokens !== undefined)
        ],
        ({ scope }) => Scope.close(scope, exit),
        { discard: true }
      )
    )

    const keyOf = (name: string): TokenStore.Key => ({
      ...key,
      clientId: `${key.clientId} ${name}`
    })

    const make = (name: string): Effect.Effect<Held, ConfigurationError> =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const own = yield* PersonTokens.make(
          { store, key: keyOf(name) },
          { renewBefore, waitBefore, refresh: client.refresh, revoke: client.revoke }
        ).pipe(Scope.extend(scope))
        const tokens = { ...own, scope }
        const metrics = yield* MetricsClient.makeWithTransport(transport.calls, {
          ...options.client,
          ...choice
        }).pipe(
          Effect.provideService(TokenProvider.TokenProvider, tokens),
          Effect.provideService(QueryBuilder.QueryBuilder, QueryBuilder.service)
        )
        return { tokens, metrics }
      })

    const drop = (name: string): void => {
      const tokens = held.get(name)?.tokens
      if (tokens === undefined) return
      held.delete(name)
      const ref = new WeakRef(tokens)
      dropped.add(ref)
      collected.register(tokens, ref)
    }

    /**
     * Holds the session, and marks it as the most recently used session. If the process holds too
     * many sessions, the least recently used session is dropped. Its tokens stay in the store, from
     * which the session can be read again.
     */
    const use = (name: string, session: Held): Held => {
      held.delete(name)
      held.set(name, session)
      const [oldest] = held.keys()
      if (held.size > most && oldest !== undefined) drop(oldest)
      return session
    }

    const find = (name: string): Effect.Effect<Held, ConfigurationError> =>
      Effect.suspend(() => {
        const found = held.get(name)
        return found === undefined
          ? Effect.flatMap(make(name), (made) => {
              // Two requests can each open the same session at the same time. In this case, the
              // session that was opened first serves both requests.
              const first = held.get(name)
              return first === undefined
                ? Effect.succeed(use(name, made))
                : Effect.as(Scope.close(made.tokens.scope, Exit.void), use(name, first))
            })
          : Effect.succeed(use(name, found))
      })

    /** Whether the session exists. Anybody can send an id that was never issued. */
    const isKnown = (name: string) =>
      held.has(name)
        ? Effect.succeed(true)
        : Effect.match(store.get(keyOf(name)), {
            // If the store is unavailable, the answer is yes. The caller then reads the grant from
            // the store, and fails with an error that describes what is wrong with the store.
            onFailure: () => true,
            onSuccess: Option.isSome
          })

    const sessionOf = (
      id: string | undefined
    ): Effect.Effect<Option.Option<Session>, AuthError | ConfigurationError> =>
      Effect.gen(function* () {
        if (!Cookies.isId(id)) return Option.none()
        const name = nameOf(id)
        if (!(yield* isKnown(name))) return Option.none()
        const { metrics, tokens } = yield* find(name)
        // The grant is read at each request, because another process may have ended the session.
        const grant = Option.getOrUndefined(yield* tokens.grant)
        const now = yield* Clock.currentTimeMillis
        if (grant === undefined || now >= grant.signedInAt + Duration.toMillis(lifetime)) {
          if (grant !== undefined) yield* end(name)
          else drop(name)
          return Option.none()
        }
        return Option.some({ person: grant.claims ?? {}, tokens, metrics })
      })

    /**
     * Ends a session in this process, in the store and at the provider. If the store or the
     * provider fails, this is only logged, and the session still ends in this process.
     */
    const end = (name: string) =>
      Effect.flatMap(find(name), ({ tokens }) =>
        Effect.catchAll(tokens.end, ({ message }) =>
          Effect.logWarning(
            `A session ended in this process, but not at the identity provider or not in the token store. ${message}`
          )
        )
      ).pipe(Effect.zipRight(Effect.sync(() => drop(name))))

    const start = (tokens: Client.Tokens) =>
      Effect.gen(function* () {
        // The id is always new, because an attacker can set a cookie with an id in the browser, and
        // this id must not become a session.
        const id = Cookies.newId()
        const { tokens: own } = yield* find(nameOf(id))
        yield* own.replace(Grant.fromSignIn(tokens, yield* Clock.currentTimeMillis))
        return id
      })

    const endById = (id: string | undefined) => (Cookies.isId(id) ? end(nameOf(id)) : Effect.void)

    const flow = Flow.make({ app, client, cookies, lifetime, options, start, end: endById })

    return {
      handle: flow,
      session: (request) => sessionOf(cookieOf(request, cookies.sessionName))
    }
  })

/**
 * The name of a session in the store. It is a hash of the id, so that the contents of the store do
 * not reveal an id that works as a cookie.
 */
const nameOf = (id: string): string => createHash("sha256").update(id).digest("base64url")

/**
 * The cookie of a request. The headers of `node:http` can contain any name that the client sent,
 * even `get`.
 */
const cookieOf = ({ headers }: WithCookies, name: string): string | undefined =>
  Cookies.read(
    "get" in headers && typeof headers.get === "function"
      ? headers.get("cookie")
      : "cookie" in headers
        ? headers.cookie
        : undefined
  ).get(name)
