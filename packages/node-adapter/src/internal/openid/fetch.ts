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

/** Rejects with `FetchFailed`, or when the signal aborts. Redirects are not followed. */
export const fetchOver =
  (transport: Transport, secrets: HttpExchange.Secrets): Fetch =>
  (url, { body, headers, method, signal }) =>
    new Promise<HttpExchange.ReceivedAnswer>((resolve, reject) => {
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
    }).then(toResponse)

/** The provider's own metadata names the URLs of its endpoints, so each URL is checked. */
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

/** The transport has decoded the body already. */
const toResponse = ({ body, headers, status }: HttpExchange.ReceivedAnswer): Response => {
  const { "content-encoding": _encoding, "content-length": _length, ...others } = headers
  return new Response(body.length === 0 ? null : new Uint8Array(body), { status, headers: others })
}
