/** `fetch` as the means to carry calls: no redirect, no trace headers, and an end when the page is left. */
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import {
  type ResponseError,
  TransportError,
  type TransportReason
} from "@innerspace-metrics/core/MetricsError"
import * as Either from "effect/Either"
import { likelyCause } from "./likelyCause.js"
import type { Page } from "./page.js"

export const fetchTransport =
  (page: Page): HttpExchange.Transport =>
  (request, secrets, options, done) => {
    const controller = new AbortController()
    const end = (result: Result) => {
      forgetPage()
      done(result)
      // Also of an answer that was not read to its end.
      controller.abort()
    }
    const forgetPage = page.onceLeft(() => end(Either.left(pageLeft())))
    receive(request, secrets, options, controller.signal).then(end)
    return () => {
      forgetPage()
      controller.abort()
    }
  }

type Result = Either.Either<HttpExchange.ReceivedAnswer, TransportError | ResponseError>

/** Never rejects. */
const receive = async (
  { body, headers, url }: HttpExchange.PostRequest,
  secrets: HttpExchange.Secrets,
  options: HttpExchange.Options,
  signal: AbortSignal
): Promise<Result> => {
  let response: Response
  try {
    // What comes back from a redirect has neither status nor body; nothing is sent elsewhere.
    response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" })
  } catch (cause) {
    return Either.left(noAnswer(url, cause, secrets))
  }
  const answer = { status: response.status, headers: Object.fromEntries(response.headers) }
  const collector = HttpExchange.collectBody(answer.status, answer.headers, options)
  let refusal = collector.refusal
  const reader = response.body?.getReader()
  try {
    while (refusal === undefined) {
      const bytes = (await reader?.read())?.value
      if (bytes === undefined) return Either.right({ ...answer, body: collector.bytes() })
      refusal = collector.accept(bytes)
    }
    return Either.left(refusal)
  } catch (cause) {
    return Either.left(brokenOff(url, cause, secrets))
  }
}

const noAnswer = (url: string, cause: unknown, secrets: HttpExchange.Secrets): TransportError => {
  const { hint, problem } = likelyCause(url)
  return failure(
    "Unreachable",
    `No answer from ${new URL(url).host} (${textOf(cause, secrets)})${problem}`,
    hint
  )
}

/** Not that of HttpExchange, which reads the codes and causes of Node's errors: a page would load that for nothing. */
const brokenOff = (url: string, cause: unknown, secrets: HttpExchange.Secrets): TransportError =>
  failure(
    "ConnectionLost",
    `The connection to ${new URL(url).host} broke before the answer was complete: ${textOf(cause, secrets)}`,
    "Try again; if it stays so, look at what stands between here and the API"
  )

const pageLeft = (): TransportError =>
  failure(
    "ConnectionLost",
    "The page was left while the call was under way",
    "Nothing: it is tried again if the page comes back from the browser's cache"
  )

const failure = (reason: TransportReason, problem: string, hint: string): TransportError =>
  new TransportError({ reason, problem, hint })

/** What the browser says, which is little. */
const textOf = (cause: unknown, secrets: HttpExchange.Secrets): string =>
  HttpExchange.strikeOut(cause instanceof Error ? cause.message : String(cause), secrets)
