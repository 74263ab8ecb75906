/**
 * An `HttpClient` on `undici`: a thin one, for requests per second and for nothing to install
 * beside it.
 *
 * It follows no redirect, expands what is compressed by gzip, Brotli or deflate, and has no
 * timeouts of its own but the one for connecting. A request without a `user-agent` is sent with
 * that of this package.
 */
import { Readable } from "node:stream"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as undici from "undici"
import { acceptEncoding } from "./internal/contentEncoding.js"
import { environmentDispatcher } from "./internal/proxies.js"
import { UndiciResponse } from "./internal/undiciResponse.js"
import { userAgent } from "./internal/userAgent.js"

/**
 * A client on a dispatcher of one's own: a `ProxyAgent`, a `MockAgent`, an `Agent` with other
 * limits. Who made the dispatcher closes it.
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
 * A client with an agent of its own, which is closed with the layer: requests under way are aborted
 * then. Up to 64 connections to a host; further requests wait for one.
 *
 * Requests go through the proxies that `HTTPS_PROXY` and `HTTP_PROXY` name, but for hosts in
 * `NO_PROXY` and for loopback. The names count in lower case first, and one that is empty as not
 * set. `NO_PROXY` has names, which cover what is under them (`corp.test`, `.corp.test`,
 * `*.corp.test`), addresses, networks (`10.0.0.0/8`) and `*`, a port after any but a network, and
 * commas or blanks between them. Without `HTTPS_PROXY`, `HTTP_PROXY` is for https as well. A proxy
 * sees the host's name and what TLS leaves to be seen. They are read with the ConfigProvider, which
 * is the environment unless the app has set another.
 *
 * Fails with a `ConfigurationError` (`InvalidConfiguration`) for a proxy that is no URL.
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
  /** Where only the encoding decides it: the boundary of a multipart body. */
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
        : Effect.fail(notEncodable({ description: "a raw body has to be a string or bytes" }))
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
