/**
 * Sends requests over `fetch`. It does not follow redirects, sends no trace headers, and aborts
 * requests when the page is left.
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
      // If the response was not read to its end, this stops it.
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

/** Sends a request. The promise never rejects. */
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
    // With `manual`, a redirect is a response without status and body, and nothing is sent to
    // another address.
    response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" })
  } catch (cause) {
    if (signal.aborted || !Page.isOffline(url)) return Either.left(noAnswer(url, cause, secrets))
    // A call must not spend an attempt while the network is down. So the request waits for the
    // network and is then sent again, within the same attempt.
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
      if (bytes === undefined) return Either.right({ ...answer, body: collector.chunks })
      refusal = collector.accept(bytes)
    }
    return Either.left(refusal)
  } catch (cause) {
    return Either.left(brokenOff(url, cause, secrets))
  }
}

/**
 * The properties of a response that are needed to read its body. Some of them may be missing if
 * `fetch` does not follow the whole standard, as in React Native.
 */
interface Body {
  readonly body?: {
    readonly getReader?: () => Pick<ReadableStreamDefaultReader<Uint8Array>, "read">
  } | null
  readonly arrayBuffer?: () => Promise<ArrayBuffer>
  readonly text: () => Promise<string>
}

/** Returns the next chunk of the body. A body that is not a web stream is one chunk. */
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
    `No response from ${new URL(url).host} (${textOf(cause, secrets)})${problem}`,
    hint
  )
}

/**
 * Replaces HttpExchange's function of the same name. That function contains code for Node's errors.
 * This code would only make a page larger.
 */
const brokenOff = (url: string, cause: unknown, secrets: HttpExchange.Secrets): TransportError =>
  failure(
    "ConnectionLost",
    `The connection to ${new URL(url).host} closed before the response was complete: ${textOf(cause, secrets)}`,
    "Try again. If the problem persists, check for a proxy or firewall"
  )

const pageLeft = (): TransportError =>
  failure(
    "ConnectionLost",
    "The user left the page during the call",
    "The call is retried if the browser restores the page from its cache"
  )

const failure = (reason: TransportError["reason"], problem: string, hint: string): TransportError =>
  new TransportError({ reason, problem, hint })

/** The browser's message, which says little. */
const textOf = (cause: unknown, secrets: HttpExchange.Secrets): string =>
  HttpExchange.strikeOut(cause instanceof Error ? cause.message : String(cause), secrets)
