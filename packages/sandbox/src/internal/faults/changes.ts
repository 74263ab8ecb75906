import { errorText } from "./errorText.js"
import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"
import type { Encoding } from "./FaultEffect.js"

/**
 * The real data together with an error. GraphQL allows such a response, and Hasura sends one when a
 * remote schema fails. The default code is `remote-schema-error`.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const partial = Fault.partialData()
 * ```
 */
export const partialData = (
  options: Options & {
    readonly code?: string
    readonly message?: string
    readonly path?: string
  } = {}
): Fault =>
  make(
    { _tag: "PartialData", code: options.code ?? "remote-schema-error", ...errorText(options) },
    options
  )

/**
 * The real response with another status or other headers. Headers are added or replaced, and a
 * header with the value null is removed. A `content-encoding` is only declared, and the body is not
 * encoded.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const labelledAsGzip = Fault.override({ headers: { "content-encoding": "gzip" } })
 * ```
 */
export const override = (
  options: Options & {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string | null>>
  }
): Fault =>
  make(
    {
      _tag: "Override",
      ...(options.status === undefined ? {} : { status: options.status }),
      headers: options.headers ?? {}
    },
    options
  )

/**
 * The real response with another content type, by default `text/html`. Null removes the header.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const octets = Fault.wrongContentType({ contentType: "application/octet-stream" })
 * ```
 */
export const wrongContentType = (
  options: Options & { readonly contentType?: string | null } = {}
): Fault =>
  override({
    ...options,
    headers: {
      "content-type": options.contentType === undefined ? "text/html" : options.contentType
    }
  })

/**
 * The real response's status and headers without a body.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const nothing = Fault.emptyBody()
 * ```
 */
export const emptyBody = (options?: Options): Fault => make({ _tag: "EmptyBody" }, options)

/**
 * The real response without the last character of its body. The `content-length` is correct.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const malformed = Fault.malformedJson({ target: "token" })
 * ```
 */
export const malformedJson = (options?: Options): Fault => make({ _tag: "MalformedJson" }, options)

/**
 * The real response with an invalid UTF-8 byte in a string or a name.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const garbled = Fault.invalidUtf8()
 * ```
 */
export const invalidUtf8 = (options?: Options): Fault => make({ _tag: "InvalidUtf8" }, options)

/**
 * The real response with its first key repeated at the end, with the value null.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const twice = Fault.duplicateKeys()
 * ```
 */
export const duplicateKeys = (options?: Options): Fault => make({ _tag: "DuplicateKeys" }, options)

/**
 * The real response with nested arrays in place of its first value, by default 100,000 levels deep.
 * A JSON parser accepts this, but code that walks the value by recursion may overflow the stack.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const deep = Fault.nestedJson({ depth: 1_000_000 })
 * ```
 */
export const nestedJson = (options: Options & { readonly depth?: number } = {}): Fault =>
  make({ _tag: "NestedJson", depth: options.depth ?? 100_000 }, options)

/**
 * The real response, compressed, by default with gzip. Without `always`, it is compressed only for
 * a client that accepts the encoding.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const brotli = Fault.compressed({ encoding: "br", times: "always" })
 * ```
 */
export const compressed = (
  options: Options & { readonly encoding?: Encoding; readonly always?: boolean } = {}
): Fault =>
  make(
    {
      _tag: "Compressed",
      encoding: options.encoding ?? "gzip",
      always: options.always ?? false
    },
    options
  )

/**
 * The real response without CORS headers, as from a gateway that does not know the page. A page of
 * another origin cannot read this response. The response to a preflight is not changed.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const unreadable = Fault.withoutCors()
 * ```
 */
export const withoutCors = (options?: Options): Fault => make({ _tag: "WithoutCors" }, options)
