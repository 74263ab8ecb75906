import type { Readable } from "node:stream"
import { arrayBuffer, text } from "node:stream/consumers"
import * as Cookies from "@effect/platform/Cookies"
import * as Headers from "@effect/platform/Headers"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Dispatcher } from "undici/index.js"
import { decodeStream, decodingOf } from "./contentEncoding.js"

/** Converts a response of undici to a response of `@effect/platform`. */
export class UndiciResponse
  extends Inspectable.Class
  implements HttpClientResponse.HttpClientResponse
{
  readonly [HttpIncomingMessage.TypeId]: HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly status: number
  readonly headers: Headers.Headers
  readonly remoteAddress = Option.none<string>()
  readonly #source: Dispatcher.ResponseData
  /** The body, decompressed if it was compressed. */
  readonly #body: Readable
  #text: Promise<string> | undefined
  #arrayBuffer: Promise<ArrayBuffer> | undefined

  constructor(
    readonly request: HttpClientRequest,
    source: Dispatcher.ResponseData
  ) {
    super()
    this.#source = source
    this.status = source.statusCode
    this.headers = Headers.fromInput(source.headers)
    const decoding = decodingOf(this.headers["content-encoding"])
    this.#body = decoding === undefined ? source.body : decodeStream(decoding, source.body)
  }

  get cookies(): Cookies.Cookies {
    const header = this.#source.headers["set-cookie"]
    return header === undefined ? Cookies.empty : Cookies.fromSetCookie(header)
  }

  get text(): Effect.Effect<string, HttpClientError.ResponseError> {
    return this.#read(() => (this.#text ??= text(this.#body)))
  }

  get json(): Effect.Effect<unknown, HttpClientError.ResponseError> {
    return Effect.flatMap(this.text, (text) =>
      Effect.try({
        try: (): unknown => (text === "" ? null : JSON.parse(text)),
        catch: (cause) => this.#decodeError(cause)
      })
    )
  }

  get urlParamsBody(): Effect.Effect<UrlParams.UrlParams, HttpClientError.ResponseError> {
    return Effect.map(this.text, (text) => UrlParams.fromInput(new URLSearchParams(text)))
  }

  get arrayBuffer(): Effect.Effect<ArrayBuffer, HttpClientError.ResponseError> {
    return this.#read(() => (this.#arrayBuffer ??= arrayBuffer(this.#body)))
  }

  get formData(): Effect.Effect<FormData, HttpClientError.ResponseError> {
    return Effect.flatMap(this.arrayBuffer, (bytes) =>
      this.#read(() =>
        new Response(bytes, {
          headers: { "content-type": this.headers["content-type"] ?? "" }
        }).formData()
      )
    )
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.ResponseError> {
    return Stream.fromAsyncIterable<Uint8Array, HttpClientError.ResponseError>(
      this.#body,
      (cause) => this.#decodeError(cause)
    )
  }

  toJSON(): unknown {
    return { _id: "@innerspace-metrics/node-adapter/UndiciResponse", status: this.status }
  }

  #read<A>(read: () => Promise<A>): Effect.Effect<A, HttpClientError.ResponseError> {
    return Effect.tryPromise({ try: read, catch: (cause) => this.#decodeError(cause) })
  }

  #decodeError(cause: unknown): HttpClientError.ResponseError {
    return new HttpClientError.ResponseError({
      request: this.request,
      response: this,
      reason: "Decode",
      cause
    })
  }
}
