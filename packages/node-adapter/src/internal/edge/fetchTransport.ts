/** Sends requests over `fetch`. It does not follow redirects and sends no trace headers. */
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import type { ResponseError, TransportError } from "@innerspace-metrics/core/MetricsError"
import * as Either from "effect/Either"
import type { Request, Transport } from "../undici/transport.js"
import { version } from "../version.js"

export const fetchTransport: Transport = (request, secrets, options, done) => {
  const controller = new AbortController()
  receive(request, secrets, options, controller.signal).then((result) => {
    done(result)
    // This also stops a response that was not read to its end.
    controller.abort()
  })
  return () => controller.abort()
}

type Result = Either.Either<HttpExchange.ReceivedAnswer, TransportError | ResponseError>

/** Sends a request. The promise never rejects. */
const receive = async (
  { body, headers, method = "POST", url }: Request,
  secrets: HttpExchange.Secrets,
  options: HttpExchange.Options,
  signal: AbortSignal
): Promise<Result> => {
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: { "user-agent": userAgent, ...headers },
      ...(method === "POST" && { body }),
      signal,
      // With `manual`, a redirect is an ordinary response, and nothing is sent to another address.
      redirect: "manual"
    })
  } catch (cause) {
    return Either.left(HttpExchange.noAnswer(url, cause, secrets))
  }
  try {
    const answer = { status: response.status, headers: Object.fromEntries(response.headers) }
    const collector = HttpExchange.collectBody(answer.status, answer.headers, options)
    let refusal = collector.refusal
    const reader = response.body?.getReader()
    while (refusal === undefined) {
      const bytes = (await reader?.read())?.value
      if (bytes === undefined) return Either.right({ ...answer, body: collector.chunks })
      refusal = collector.accept(bytes)
    }
    return Either.left(refusal)
  } catch (cause) {
    return Either.left(HttpExchange.brokenOff(url, cause, secrets))
  }
}

/** The user agent, in the format of RFC 9110, section 10.1.5. */
const userAgent = `innerspace-metrics/${version} fetch`
