/**
 * Sends requests over `undici`. It uses the dispatcher directly, because `undici.request` creates a
 * stream, an abort signal and promises for each request. Together, these cost about as much as the
 * rest of the request. Redirects are not followed.
 */
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as Either from "effect/Either"
import type { Dispatcher } from "undici/index.js"
import { userAgent } from "../userAgent.js"
import { acceptEncoding, decodingOf, type Expansion, expand } from "./contentEncoding.js"
import type { DispatchInTurn } from "./turns.js"

/** A request of a login may also be a GET, which has no body. */
export interface Request extends HttpExchange.PostRequest {
  readonly method?: "GET" | "POST"
}

/** A `HttpExchange.Transport` that also sends GET requests. */
export type Transport = (
  request: Request,
  ...rest: Rest<Parameters<HttpExchange.Transport>>
) => () => void

type Rest<Parameters extends ReadonlyArray<unknown>> = Parameters extends readonly [
  unknown,
  ...infer Others
]
  ? Others
  : never

export const undiciTransport =
  (dispatch: DispatchInTurn): Transport =>
  ({ body, headers, method = "POST", url }, secrets, options, done, onWait) => {
    const { origin, pathname, search } = new URL(url)
    let request: Dispatcher.DispatchController | undefined
    let isWanted = true
    let giveUp = () => {}
    let expansion: Expansion | undefined
    let onExpanded = () => {}
    const abort = () => {
      isWanted = false
      giveUp()
      expansion?.abort()
      request?.abort(new Error("The request is no longer wanted"))
    }
    let answer: Head | undefined
    const refuse = (refusal: ReturnType<HttpExchange.BodyCollector["accept"]>) => {
      if (refusal === undefined) return
      done(Either.left(refusal))
      abort()
    }
    giveUp = dispatch(
      onWait,
      {
        origin,
        path: pathname + search,
        method,
        headers: { "user-agent": userAgent, "accept-encoding": acceptEncoding, ...headers },
        body: method === "GET" ? null : body
      },
      {
        onRequestStart: (begun) => {
          request = begun
          // The request may have been cancelled while it waited for a connection.
          if (!isWanted) abort()
        },
        // undici also calls this function for each informational response (RFC 9110, section 15.2)
        // before the final response.
        onResponseStart: (controller, status, fields) => {
          const headers = singleValues(fields)
          answer = { status, headers, body: HttpExchange.collectBody(status, headers, options) }
          refuse(answer.body.refusal)
          const decoding = decodingOf(headers["content-encoding"])
          if (decoding === undefined) return
          const { body } = answer
          expansion = expand(decoding, {
            data: (bytes) => refuse(body.accept(bytes)),
            drain: () => controller.resume(),
            end: () => {
              if (isWanted) onExpanded()
            },
            error: (cause) => {
              if (!isWanted) return
              done(Either.left(HttpExchange.brokenOff(url, cause, secrets)))
              abort()
            }
          })
        },
        onResponseData: (controller, bytes) => {
          if (expansion === undefined) refuse(answer?.body.accept(bytes))
          else if (!expansion.write(bytes)) controller.pause()
        },
        onResponseEnd: () => {
          if (answer === undefined) return
          const { body, headers, status } = answer
          // undici keeps this closure. Without the next two lines, the closure would keep the
          // response and the request in memory after the delivery of the response.
          answer = undefined
          request = undefined
          const end = () => done(Either.right({ status, headers, body: body.chunks }))
          if (expansion === undefined) end()
          else {
            onExpanded = end
            expansion.end()
          }
        },
        onResponseError: (_, cause) => {
          if (!isWanted) return
          isWanted = false
          expansion?.abort()
          done(
            Either.left(
              answer === undefined
                ? HttpExchange.noAnswer(url, cause, secrets)
                : HttpExchange.brokenOff(url, cause, secrets)
            )
          )
        }
      }
    )
    return abort
  }

interface Head extends Omit<HttpExchange.ReceivedAnswer, "body"> {
  readonly body: HttpExchange.BodyCollector
}

/**
 * The headers with one text for each field. If a field occurs several times, its values are joined
 * by commas (RFC 9110, section 5.3).
 */
const singleValues = (fields: {
  readonly [name: string]: string | ReadonlyArray<string> | undefined
}): { readonly [name: string]: string } => {
  const headers: { [name: string]: string } = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ")
  }
  return headers
}
