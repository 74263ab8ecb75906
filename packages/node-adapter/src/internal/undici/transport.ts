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

export const undiciTransport = (dispatch: DispatchInTurn): Transport => {
  let last: Target | undefined
  return ({ body, headers, method = "POST", url }, secrets, options, done, onWait) => {
    // A client sends almost all its requests to one URL, and parsing it takes a microsecond.
    const target = last?.url === url ? last : targetOf(url)
    last = target
    const { origin, path } = target
    const exchange = new Exchange(url, secrets, options, done)
    exchange.leaveQueue = dispatch(
      onWait,
      {
        origin,
        path,
        method,
        headers: { "user-agent": userAgent, "accept-encoding": acceptEncoding, ...headers },
        body: method === "GET" ? null : body
      },
      exchange
    )
    return () => exchange.abort()
  }
}

/** The parts of a URL that undici needs. */
interface Target {
  readonly url: string
  readonly origin: string
  readonly path: string
}

const targetOf = (url: string): Target => {
  const { origin, pathname, search } = new URL(url)
  return { url, origin, path: pathname + search }
}

type Done = Parameters<HttpExchange.Transport>[3]

/**
 * A request and its response, as undici reports them.
 *
 * This is a class, because V8 compiles a method only once. If each request created closures, V8
 * would compile the closures of later requests again.
 */
class Exchange implements Dispatcher.DispatchHandler {
  /** Removes the request from the queue. */
  leaveQueue = nothing
  readonly #url: string
  readonly #secrets: HttpExchange.Secrets
  readonly #options: HttpExchange.Options
  readonly #done: Done
  #isWanted = true
  #request: Dispatcher.DispatchController | undefined
  #head: Head | undefined
  #expansion: Expansion | undefined
  #onExpanded = nothing

  constructor(
    url: string,
    secrets: HttpExchange.Secrets,
    options: HttpExchange.Options,
    done: Done
  ) {
    this.#url = url
    this.#secrets = secrets
    this.#options = options
    this.#done = done
  }

  abort(): void {
    this.#isWanted = false
    this.leaveQueue()
    this.#expansion?.abort()
    this.#request?.abort(new Error("The request is no longer wanted"))
  }

  onRequestStart(request: Dispatcher.DispatchController): void {
    this.#request = request
    // The request may have been cancelled while it waited for a connection.
    if (!this.#isWanted) this.abort()
  }

  // undici also calls this method for each informational response (RFC 9110, section 15.2) before
  // the final response.
  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    fields: Parameters<typeof singleValues>[0]
  ): void {
    const headers = singleValues(fields)
    const body = HttpExchange.collectBody(status, headers, this.#options)
    this.#head = { status, headers, body }
    this.#refuse(body.refusal)
    const decoding = decodingOf(headers["content-encoding"])
    if (decoding === undefined) return
    this.#expansion = expand(decoding, {
      data: (bytes) => this.#refuse(body.accept(bytes)),
      drain: () => controller.resume(),
      end: () => {
        if (this.#isWanted) this.#onExpanded()
      },
      error: (cause) => {
        if (!this.#isWanted) return
        this.#done(Either.left(HttpExchange.brokenOff(this.#url, cause, this.#secrets)))
        this.abort()
      }
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
    if (this.#expansion === undefined) this.#refuse(this.#head?.body.accept(bytes))
    else if (!this.#expansion.write(bytes)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#head === undefined) return
    const { body, headers, status } = this.#head
    // undici keeps this `Exchange` after the response is complete. Without these two lines, the
    // `Exchange` would keep the response in memory.
    this.#head = undefined
    this.#request = undefined
    const end = () => this.#done(Either.right({ status, headers, body: body.chunks }))
    if (this.#expansion === undefined) end()
    else {
      this.#onExpanded = end
      this.#expansion.end()
    }
  }

  onResponseError(_: unknown, cause: Error): void {
    if (!this.#isWanted) return
    this.#isWanted = false
    this.#expansion?.abort()
    const problem = this.#head === undefined ? HttpExchange.noAnswer : HttpExchange.brokenOff
    this.#done(Either.left(problem(this.#url, cause, this.#secrets)))
  }

  #refuse(refusal: ReturnType<HttpExchange.BodyCollector["accept"]>): void {
    if (refusal === undefined) return
    this.#done(Either.left(refusal))
    this.abort()
  }
}

const nothing = () => {}

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
