/** `WebSessions` as promises, and as a handler of `node:http`. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { JsonObject } from "@innerspace-metrics/core/JsonValue"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Sessions from "../../WebSessions.js"

/** A person who is signed in. */
export interface PromiseSession {
  /** The claims of the validated ID token, such as `sub`, `name` and `email`. */
  readonly person: JsonObject
  /** A client that calls the API as this person. It need not be closed. */
  readonly metrics: PromiseClient.PromiseMetricsClient
}

/** Sessions of a web app's users, as promises. */
export interface PromiseWebSessions extends AsyncDisposable {
  /**
   * Responds to a request for the sign-in, its callback or the sign-out. Resolves with `undefined`
   * for every other path. Use it with frameworks that have `Request` and `Response`, such as Hono
   * and Next.js.
   */
  readonly handle: (request: Request) => Promise<Response | undefined>
  /**
   * `handle` as a handler for Express, Connect and `node:http`. It passes other paths to `next`.
   */
  readonly handler: (
    request: IncomingMessage & { readonly originalUrl?: string },
    response: ServerResponse,
    next: (error?: unknown) => void
  ) => void
  /**
   * The session of a request, or `undefined` if nobody is signed in. Rejects with an `AuthError`
   * (`Unavailable`) if the token store cannot be read.
   */
  readonly session: (request: Sessions.WithCookies) => Promise<PromiseSession | undefined>
  /**
   * Aborts requests in flight and closes connections. If there is a `tokenStore`, people stay
   * signed in.
   */
  readonly close: () => Promise<void>
}

export const make = (options: Sessions.Options): PromiseWebSessions => {
  const runtime = ManagedRuntime.make(Sessions.layer(options))
  const clients = new WeakMap<MetricsClient.MetricsClient, PromiseClient.PromiseMetricsClient>()

  const run = async <A, E>(
    use: (sessions: Sessions.WebSessions) => Effect.Effect<Option.Option<A>, E>
  ): Promise<A | undefined> => {
    const exit = await runtime.runPromiseExit(Effect.flatMap(Sessions.WebSessions, use))
    return Exit.isSuccess(exit)
      ? Option.getOrUndefined(exit.value)
      : Promise.reject(Cause.squash(exit.cause))
  }

  const clientOf = (metrics: MetricsClient.MetricsClient): PromiseClient.PromiseMetricsClient => {
    const client =
      clients.get(metrics) ??
      PromiseClient.make(Layer.succeed(MetricsClient.MetricsClient, metrics))
    clients.set(metrics, client)
    return client
  }

  const handle = (request: Request) => run((sessions) => sessions.handle(request))

  const close = () => runtime.dispose()

  return {
    handle,
    handler: (incoming, outgoing, next) => {
      handle(requestOf(incoming, options.appUrl)).then(async (response) => {
        if (response === undefined) return next()
        await send(response, outgoing)
      }, next)
    },
    session: (request) =>
      run((sessions) =>
        Effect.map(
          sessions.session(request),
          Option.map(({ metrics, person }) => ({ person, metrics: clientOf(metrics) }))
        )
      ),
    close,
    [Symbol.asyncDispose]: close
  }
}

/** Makes a `Request` without a body, because no request of a sign-in has a body. */
const requestOf = (
  incoming: IncomingMessage & { readonly originalUrl?: string },
  appUrl: string
): Request => {
  const headers = new Headers()
  for (const name of ["cookie", "origin"] as const) {
    const value = incoming.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  // Uses the configured address of the app, because the client can send any Host header.
  const path = incoming.originalUrl ?? incoming.url ?? "/"
  const base = new URL(appUrl).origin
  const url = URL.canParse(base + path) ? new URL(base + path) : new URL(base)
  return new Request(url, { method: incoming.method ?? "GET", headers })
}

const send = async (response: Response, outgoing: ServerResponse): Promise<void> => {
  const cookies = response.headers.getSetCookie()
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => name !== "set-cookie")
  )
  outgoing
    .writeHead(
      response.status,
      cookies.length === 0 ? headers : { ...headers, "set-cookie": cookies }
    )
    .end(await response.text())
}
