/**
 * `fetch` as the means to carry calls: no redirect, no trace headers, and an end when the page is
 * left.
 */
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { type ResponseError, TransportError } from "@innerspace-metrics/core/MetricsError"
import * as Either from "effect/Either"
import { likelyCause } from "./likelyCause.js"
import * as Page from "./page.js"

export const fetchTransport =
  (page: Page.Page): HttpExchange.Transport =>
  (request, secrets, options, done) => {
    const controller = new AbortController()
    const end = (result: Result) => {
      forgetPage()
      done(result)
      // Also of an answer that was not read to its end.
      controller.abort()
    }
    const forgetPage = page.onceLeft(() => end(Either.left(pageLeft())))
    receive(page, request, secrets, options, controller.signal).then(end)
    return () => {
      forgetPage()
      controller.abort()
    }
  }

type Result = Either.Either<HttpExchange.ReceivedAnswer, TransportError | ResponseError>

/** Never rejects. */
const receive = async (
  page: Page.Page,
  request: HttpExchange.PostRequest,
  secrets: HttpExchange.Secrets,
  options: HttpExchange.Options,
  signal: AbortSignal
): Promise<Result> => {
  const { body, headers, url } = request
  let response: Response
  try {
    // What comes back from a redirect has neither status nor body; nothing is sent elsewhere.
    response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" })
  } catch (cause) {
    if (signal.aborted || !Page.isOffline(url)) return Either.left(noAnswer(url, cause, secrets))
    // No attempt of the call is spent on a network that is away.
    await backOnline(page, signal)
    return receive(page, request, secrets, options, signal)
  }
  try {
    Page.noteAnswer()
    const answer = { status: response.status, headers: Object.fromEntries(response.headers) }
    const collector = HttpExchange.collectBody(answer.status, answer.headers, options)
    let refusal = collector.refusal
    const readNext = bodyReader(response)
    while (refusal === undefined) {
      const bytes = await readNext()
      if (bytes === undefined) return Either.right({ ...answer, body: collector.bytes() })
      refusal = collector.accept(bytes)
    }
    return Either.left(refusal)
  } catch (cause) {
    return Either.left(brokenOff(url, cause, secrets))
  }
}

/**
 * What a `fetch` that is not the platform's own may leave out of a response, as React Native's
 * does.
 */
interface Body {
  readonly body?: {
    readonly getReader?: () => Pick<ReadableStreamDefaultReader<Uint8Array>, "read">
  } | null
  readonly arrayBuffer?: () => Promise<ArrayBuffer>
  readonly text: () => Promise<string>
}

/** The next part of the body, until there is none: all at once where it is not a web stream. */
const bodyReader = (response: Body): (() => Promise<Uint8Array | undefined>) => {
  const reader = response.body?.getReader?.()
  if (reader !== undefined) return async () => (await reader.read()).value
  let isRead = false
  return async () => {
    if (isRead) return undefined
    isRead = true
    return response.arrayBuffer === undefined
      ? new TextEncoder().encode(await response.text())
      : new Uint8Array(await response.arrayBuffer())
  }
}

const backOnline = (page: Page.Page, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const forget = page.onceOnline(resolve)
    signal.addEventListener("abort", () => {
      forget()
      resolve()
    })
  })

const noAnswer = (url: string, cause: unknown, secrets: HttpExchange.Secrets): TransportError => {
  const { hint, problem } = likelyCause(url)
  return failure(
    "Unreachable",
    `No answer from ${new URL(url).host} (${textOf(cause, secrets)})${problem}`,
    hint
  )
}

/**
 * Not that of HttpExchange, which reads the codes and causes of Node's errors: a page would load
 * that for nothing.
 */
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

const failure = (reason: TransportError["reason"], problem: string, hint: string): TransportError =>
  new TransportError({ reason, problem, hint })

/** What the browser says, which is little. */
const textOf = (cause: unknown, secrets: HttpExchange.Secrets): string =>
  HttpExchange.strikeOut(cause instanceof Error ? cause.message : String(cause), secrets)
