/**
 * A small `HttpClient` over `undici`. It is fast, and needs no further package.
 *
 * It does not follow redirects. It decompresses gzip, Brotli and deflate. Only opening a connection
 * has a timeout. A request without a `user-agent` is sent with the user agent of this package.
 */
import { Readable } from "node:stream"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as undici from "undici/index.js"
import { acceptEncoding } from "./internal/undici/contentEncoding.js"
import { environmentDispatcher } from "./internal/undici/proxies.js"
import { UndiciResponse } from "./internal/undici/response.js"
import { userAgent } from "./internal/userAgent.js"

/**
 * A client over a dispatcher that you pass, such as a `ProxyAgent`, a `MockAgent` or an `Agent`
 * with other limits. You must close the dispatcher yourself.
 *
 * @example
 * ```ts
 * import { UndiciHttpClient } from "@innerspace-metrics/node-adapter"
 * import { ProxyAgent } from "undici"
 *
 * const throughProxy = UndiciHttpClient.make(new ProxyAgent("http://proxy.example:8080"))
 * ```
 */
export const make = (dispatcher: undici.Dispatcher): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal) =>
    Effect.flatMap(encodeBody(request), ({ body, contentType }) =>
      Effect.tryPromise({
        try: () =>
          undici.request(url, {
            method: request.method,
            headers: {
              "user-agent": userAgent,
              "accept-encoding": acceptEncoding,
              ...request.headers,
              ...(contentType === undefined ? {} : { "content-type": contentType })
            },
            body,
            signal,
            dispatcher
          }),
        catch: (cause) => new HttpClientError.RequestError({ request, reason: "Transport", cause })
      }).pipe(Effect.map((response) => new UndiciResponse(request, response)))
    )
  )

/**
 * A client with its own agent. When the layer closes, it closes the agent and aborts the requests
 * in flight. It opens up to 64 connections to a host; further requests wait for a free connection.
 *
 * Requests go through the proxies in `HTTPS_PROXY` and `HTTP_PROXY`, except requests to loopback
 * and to hosts in `NO_PROXY`. The lower-case names of these variables take precedence, and an empty
 * variable counts as not set. `NO_PROXY` is a list that is separated by commas or spaces. Its
 * entries are names (`corp.test`, `.corp.test` and `*.corp.test` all cover the subdomains too),
 * addresses, networks (`10.0.0.0/8`) or `*`. Each entry except a network may have a port. Without
 * `HTTPS_PROXY`, `HTTP_PROXY` is also used for https. A proxy sees the host's name and everything
 * that TLS does not encrypt. The variables are read from the ConfigProvider, which is the
 * environment unless the app has set another one.
 *
 * Fails with a `ConfigurationError` (`InvalidConfiguration`) if the value of a proxy variable is
 * not a URL.
 *
 * @example
 * ```ts
 * import { MetricsClient, QueryBuilder } from "@innerspace-metrics/core"
 * import { NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
 * import * as Layer from "effect/Layer"
 *
 * const MetricsLive = MetricsClient.layer().pipe(
 *   Layer.provide([QueryBuilder.layer, NodeTokenProvider.layerConfig()]),
 *   Layer.provide(UndiciHttpClient.layer)
 * )
 * ```
 */
export const layer: Layer.Layer<HttpClient.HttpClient, ConfigurationError> = Layer.scoped(
  HttpClient.HttpClient,
  Effect.map(environmentDispatcher(64), make)
)

interface EncodedBody {
  readonly body: string | Uint8Array | Readable | null
  /**
   * Set only if encoding the body creates the header. The header of a multipart body, for example,
   * contains the boundary.
   */
  readonly contentType?: string | undefined
}

const encodeBody = (
  request: HttpClientRequest
): Effect.Effect<EncodedBody, HttpClientError.RequestError> => {
  const body = request.body
  const notEncodable = (reason: { readonly description: string } | { readonly cause: unknown }) =>
    new HttpClientError.RequestError({ request, reason: "Encode", ...reason })
  switch (body._tag) {
    case "Empty":
      return Effect.succeed({ body: null })
    case "Uint8Array":
      return Effect.succeed({ body: body.body })
    case "Raw":
      return typeof body.body === "string" || body.body instanceof Uint8Array
        ? Effect.succeed({ body: body.body })
        : Effect.fail(notEncodable({ description: "a raw body must be a string or bytes" }))
    case "Stream":
      return Effect.map(Stream.toAsyncIterableEffect(body.stream), (chunks) => ({
        body: Readable.from(chunks)
      }))
    case "FormData":
      return Effect.tryPromise({
        try: async () => {
          const multipart = new Response(body.formData)
          return {
            body: new Uint8Array(await multipart.arrayBuffer()),
            contentType: multipart.headers.get("content-type") ?? undefined
          }
        },
        catch: (cause) => notEncodable({ cause })
      })
  }
}
