/** `fetch` as the means to carry calls: no redirect, no trace headers, and an end when the page is left. */
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { strikeOut } from "@innerspace-metrics/core/HttpExchange"
import { TransportError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import { likelyCause } from "./likelyCause.js"
import type { Page } from "./page.js"

export const fetchTransport =
  (page: Page): HttpExchange.Transport<HttpExchange.PostRequest> =>
  ({ body, headers, url }, secrets) =>
    Effect.gen(function* () {
      const controller = yield* Effect.acquireRelease(
        Effect.sync(() => new AbortController()),
        (controller) => Effect.sync(() => controller.abort())
      )
      const send = Effect.tryPromise({
        try: () =>
          fetch(url, {
            method: "POST",
            headers,
            body,
            signal: controller.signal,
            // What comes back then has neither status nor body; nothing is sent elsewhere.
            redirect: "manual"
          }),
        catch: (cause) => noAnswer(url, cause, secrets)
      })
      const response = yield* page.unlessLeft(send, pageLeft)
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        read: (accept) => page.unlessLeft(readBody(response, accept, url, secrets), pageLeft)
      }
    })

const readBody = <E>(
  response: Response,
  accept: (bytes: Uint8Array) => Effect.Effect<void, E>,
  url: string,
  secrets: HttpExchange.Secrets
): Effect.Effect<void, TransportError | E> =>
  Effect.suspend(() => {
    const reader = response.body?.getReader()
    if (reader === undefined) return Effect.void
    const rest: Effect.Effect<void, TransportError | E> = Effect.flatMap(
      Effect.tryPromise({
        try: () => reader.read(),
        catch: (cause) => brokenOff(url, cause, secrets)
      }),
      ({ value }) => (value === undefined ? Effect.void : Effect.zipRight(accept(value), rest))
    )
    return rest
  })

const noAnswer = (url: string, cause: unknown, secrets: HttpExchange.Secrets): TransportError => {
  const { hint, problem } = likelyCause(url)
  return new TransportError({
    reason: "Unreachable",
    problem: `No answer from ${hostOf(url)} (${textOf(cause, secrets)})${problem}`,
    hint
  })
}

const brokenOff = (url: string, cause: unknown, secrets: HttpExchange.Secrets): TransportError =>
  new TransportError({
    reason: "ConnectionLost",
    problem: `The connection to ${hostOf(url)} broke before the answer was complete: ${textOf(cause, secrets)}`,
    hint: "Try again; if it stays so, look at what stands between here and the API"
  })

const pageLeft = (): TransportError =>
  new TransportError({
    reason: "ConnectionLost",
    problem: "The page was left while the call was under way",
    hint: "Nothing: it is tried again if the page comes back from the browser's cache"
  })

/** What the browser says, which is little. */
const textOf = (cause: unknown, secrets: HttpExchange.Secrets): string =>
  strikeOut(cause instanceof Error ? cause.message : String(cause), secrets)

const hostOf = (url: string): string => new URL(url).host
