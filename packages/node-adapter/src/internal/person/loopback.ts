/**
 * A server on 127.0.0.1 that receives one response of an authorization request (RFC 8252, section
 * 7.3).
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:http"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as pages from "./pages.js"

export interface Loopback {
  readonly redirectUri: string
  /** The parameters of the first response with this state. Later responses are not accepted. */
  readonly awaitResponse: (state: string) => Effect.Effect<URLSearchParams>
  /** Shows the person how the sign-in ended, in the browser window that waits for the page. */
  readonly show: (page: pages.Page) => Effect.Effect<void>
}

const path = "/callback"

/**
 * The page of a finished sign-in has its own address, which does not contain the authorization
 * code.
 */
const endPath = "/signed-in"

/** Listens until the scope closes. */
export const listen = (port: number): Effect.Effect<Loopback, AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    let expected: string | undefined
    let waiting: ServerResponse | undefined
    let ending: pages.Page | undefined
    let authority = ""
    const received = yield* Deferred.make<URLSearchParams>()
    const seen = yield* Deferred.make<void>()

    /**
     * The status and the page for a request. If the request carries the provider's expected
     * response, the parameters of this response are returned instead.
     */
    const answerTo = (
      request: IncomingMessage
    ): readonly [number, pages.Page] | URLSearchParams => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1")
      // A website can let its own host name point to 127.0.0.1 (DNS rebinding). Requests with such
      // a host name are rejected.
      if (request.headers.host !== authority || request.method !== "GET")
        return [400, pages.notHere]
      if (url.pathname === endPath && ending !== undefined) return [200, ending]
      if (url.pathname !== path) return [404, pages.notHere]
      // A response without the state is not from this sign-in, and does not end it.
      if (expected === undefined || url.searchParams.get("state") !== expected) {
        return [400, pages.notHere]
      }
      return url.searchParams
    }

    const respond = (request: IncomingMessage, response: ServerResponse): void => {
      const answer = answerTo(request)
      if (answer instanceof URLSearchParams) {
        // Exactly one response is accepted.
        expected = undefined
        waiting = response
        Deferred.unsafeDone(received, Effect.succeed(answer))
        return
      }
      const [status, page] = answer
      if (page === ending) response.once("close", () => Deferred.unsafeDone(seen, Effect.void))
      pages.send(response, status, page)
    }

    const server = yield* Effect.acquireRelease(
      Effect.sync(() => createServer(respond)),
      (server) =>
        Effect.sync(() => {
          server.close()
          server.closeAllConnections()
        })
    )
    const bound = yield* Effect.async<number, AuthError>((resume) => {
      server.once("error", (error) => resume(notListening(port, error.message)))
      server.listen(port, "127.0.0.1", () => {
        const address = server.address()
        resume(
          Effect.succeed(typeof address === "object" && address !== null ? address.port : port)
        )
      })
    })
    authority = `127.0.0.1:${bound}`
    return {
      redirectUri: `http://${authority}${path}`,
      awaitResponse: (state) =>
        Effect.suspend(() => {
          expected = state
          return Deferred.await(received)
        }),
      show: (page) =>
        Effect.suspend(() => {
          ending = page
          waiting?.writeHead(303, { location: endPath, "cache-control": "no-store" }).end()
          return Effect.asVoid(Effect.timeoutOption(Deferred.await(seen), showLimit))
        })
    }
  })

/** How long to wait until the browser loads the page. A browser that was closed never loads it. */
const showLimit = "3 seconds"

const notListening = (port: number, message: string) =>
  new AuthError({
    reason: "Unreachable",
    problem: `Cannot listen on port ${port} of 127.0.0.1: ${message}`,
    hint: "Choose another redirectPort, or leave it out for any free port"
  })
