/** Requests of `oauth4webapi`, sent over the package's own transport. */
import { isLoopback } from "@innerspace-metrics/core/Api"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import {
  AuthError,
  type ResponseError,
  type TransportError
} from "@innerspace-metrics/core/MetricsError"
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import type { Transport } from "../undici/transport.js"

/** No complete response arrived. */
export class FetchFailed extends Data.Error<{
  readonly failure: AuthError | TransportError | ResponseError
}> {}

/** The part of `fetch` that `oauth4webapi` uses. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly signal?: AbortSignal
  }
) => Promise<Response>

const limits: HttpExchange.Options = { maxBodySize: 1024 * 1024 }

/**
 * Makes a `fetch` over the transport. It rejects with `FetchFailed`, or when the signal aborts.
 * Redirects are not followed. If a connection that was kept open turns out to be closed, metadata
 * and keys are requested once more.
 */
export const fetchOver = (transport: Transport, secrets: HttpExchange.Secrets): Fetch => {
  const send = sendOver(transport, secrets)
  return (url, init) =>
    send(url, init)
      .catch((cause) =>
        init.method === "GET" && isBroken(cause) ? send(url, init) : Promise.reject(cause)
      )
      .then(toResponse)
}

const isBroken = (cause: unknown): boolean =>
  cause instanceof FetchFailed &&
  cause.failure._tag === "TransportError" &&
  cause.failure.reason === "ConnectionLost"

const sendOver =
  (transport: Transport, secrets: HttpExchange.Secrets) =>
  (
    url: string,
    { body, headers, method, signal }: Parameters<Fetch>[1]
  ): Promise<HttpExchange.ReceivedAnswer> =>
    new Promise((resolve, reject) => {
      const insecure = insecureUrl(url)
      if (insecure !== undefined) return reject(new FetchFailed({ failure: insecure }))
      const abort = transport(
        {
          url,
          method: method === "GET" ? "GET" : "POST",
          headers,
          body: body === undefined || body === null ? "" : String(body)
        },
        secrets,
        limits,
        Either.match({
          onLeft: (failure) => reject(new FetchFailed({ failure })),
          onRight: resolve
        })
      )
      signal?.addEventListener("abort", () => {
        abort()
        reject(signal.reason)
      })
    })

/**
 * The error of a URL that is not secure. The provider's metadata names the URLs of the provider's
 * endpoints, so each URL is checked.
 */
const insecureUrl = (url: string): AuthError | undefined => {
  const { host, protocol } = new URL(url)
  return protocol === "https:" || (protocol === "http:" && isLoopback(new URL(url)))
    ? undefined
    : new AuthError({
        reason: "Insecure",
        problem: `The sign-in would send credentials in clear text to ${host}`,
        hint: "Use an issuer whose addresses begin with https; http is for this machine only"
      })
}

/**
 * Makes the `Response` for `oauth4webapi`. The transport has already decompressed the body. As in
 * the rest of this library, a body counts as JSON if it is JSON in UTF-8, even if its content type
 * is not JSON. `oauth4webapi` looks only at the content type.
 */
const toResponse = ({ body, headers, status }: HttpExchange.ReceivedAnswer): Response => {
  const { "content-encoding": _encoding, "content-length": _length, ...others } = headers
  const decoder = new TextDecoder("utf-8", { fatal: true })
  const text = Either.try(() =>
    body
      .map((chunk) => decoder.decode(chunk, { stream: true }))
      .concat(decoder.decode())
      .join("")
  )
  const isEmpty = body.every(({ length }) => length === 0)
  const isJson = Either.isRight(Either.flatMap(text, (text) => Either.try(() => JSON.parse(text))))
  return new Response(isEmpty ? null : Either.getOrElse(text, () => "not UTF-8"), {
    status,
    headers: { ...others, "content-type": isJson ? "application/json" : "text/plain" }
  })
}
