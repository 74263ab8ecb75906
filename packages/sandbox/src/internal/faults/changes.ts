import { errorText } from "./errorText.js"
import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"
import type { Encoding } from "./FaultEffect.js"

/**
 * The real data with an error beside it, as GraphQL allows and Hasura gives where a remote schema
 * fails. The code is `remote-schema-error` unless given.
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
 * The real answer with another status, with headers added or replaced, and without those whose
 * value is null. A `content-encoding` is only said, not applied.
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
 * The real answer under another content type, `text/html` unless given; null leaves the header out.
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
 * The real answer's status and headers, and no body.
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
 * The real answer without the last character of its body; the length is right.
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
 * The real answer with a byte in one of its texts or names that UTF-8 does not have.
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
 * The real answer with its first key once more at the end, with null.
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
 * The real answer with arrays in arrays in place of its first value, 100,000 of them unless given.
 * A JSON parser takes it; what walks the value by recursion may not.
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
 * The real answer, compressed: with gzip unless given, and only for a client that accepts it,
 * unless `always`.
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
 * The usual answer without the headers that let a page of another origin read it, as a gateway
 * gives that knows nothing of the page. A browser asks first, and that is answered as usual.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const unreadable = Fault.withoutCors()
 * ```
 */
export const withoutCors = (options?: Options): Fault => make({ _tag: "WithoutCors" }, options)
