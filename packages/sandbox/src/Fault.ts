/**
 * Faults: what the sandbox can be told to do wrong, as values. They are queued with `control.inject` or over the control
 * endpoint `POST /_sandbox/faults`; each request takes the first fault in the queue that has its target.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/**
 * Which requests a fault meets: those for tokens, or GraphQL operations.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const targets = Fault.Target.literals // ["token", "graphql"]
 * ```
 */
export const Target = Schema.Literal("token", "graphql")
export type Target = typeof Target.Type

const Unauthorized = Schema.TaggedStruct("Unauthorized", {})
const RateLimited = Schema.TaggedStruct("RateLimited", {
  retryAfter: Schema.optional(Schema.Union(Schema.Number, Schema.String))
})
const Unavailable = Schema.TaggedStruct("Unavailable", {})
const InvalidJwt = Schema.TaggedStruct("InvalidJwt", {})
const CutBody = Schema.TaggedStruct("CutBody", {})
const StallBody = Schema.TaggedStruct("StallBody", {})
const Reset = Schema.TaggedStruct("Reset", {})
const Answer = Schema.TaggedStruct("Answer", {
  status: Schema.optionalWith(Schema.Int.pipe(Schema.between(200, 599)), { default: () => 200 }),
  headers: Schema.optionalWith(Schema.Record({ key: Schema.String, value: Schema.String }), {
    default: () => ({})
  }),
  body: Schema.String
})
const HugeBody = Schema.TaggedStruct("HugeBody", { bytes: Schema.NonNegativeInt })
const WithoutCors = Schema.TaggedStruct("WithoutCors", {})
const Delay = Schema.TaggedStruct("Delay", { milliseconds: Schema.NonNegative })

/**
 * What happens to a request.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeUnknownEither(Fault.FaultEffect)
 * decode({ _tag: "Delay", milliseconds: 2000 })
 * ```
 */
export const FaultEffect = Schema.Union(
  Unauthorized,
  RateLimited,
  Unavailable,
  InvalidJwt,
  CutBody,
  StallBody,
  Reset,
  Answer,
  HugeBody,
  WithoutCors,
  Delay
)
export type FaultEffect = typeof FaultEffect.Type

/**
 * A fault: what happens, to which requests, how many times. The target is `graphql` and the number 1 unless given.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeUnknownEither(Fault.Fault)
 * decode({ target: "token", times: 2, effect: { _tag: "Unavailable" } })
 * ```
 */
export const Fault = Schema.Struct({
  target: Schema.optionalWith(Target, { default: () => "graphql" as const }),
  times: Schema.optionalWith(Schema.Int.pipe(Schema.positive()), { default: () => 1 }),
  effect: FaultEffect
})
export type Fault = typeof Fault.Type

/** To which requests a fault happens, and how many times. */
export interface Options {
  readonly target?: Target
  readonly times?: number
}

const make = (effect: FaultEffect, options: Options = {}): Fault => ({
  target: options.target ?? "graphql",
  times: options.times ?? 1,
  effect
})

/**
 * Status 401, as a proxy in front of the API or a refused session gives.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const twice = Fault.unauthorized({ times: 2 })
 * ```
 */
export const unauthorized = (options?: Options): Fault => make({ _tag: "Unauthorized" }, options)

/**
 * Status 429. The header `Retry-After` is sent only if `retryAfter` is given: seconds as a number, or any text, such as an
 * HTTP date.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const waitSevenSeconds = Fault.rateLimited({ retryAfter: 7 })
 * ```
 */
export const rateLimited = (
  options: Options & { readonly retryAfter?: number | string } = {}
): Fault =>
  make(
    options.retryAfter === undefined
      ? { _tag: "RateLimited" }
      : { _tag: "RateLimited", retryAfter: options.retryAfter },
    options
  )

/**
 * Status 503 with a body of HTML, as a load balancer gives.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const noTokens = Fault.unavailable({ target: "token" })
 * ```
 */
export const unavailable = (options?: Options): Fault => make({ _tag: "Unavailable" }, options)

/**
 * Hasura's answer to an expired token: status 200 and an error with the code `invalid-jwt`.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const expired = Fault.invalidJwt()
 * ```
 */
export const invalidJwt = (options?: Options): Fault => make({ _tag: "InvalidJwt" }, options)

/**
 * The real answer's headers and the first half of its body; then the connection is destroyed.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const cut = Fault.cutBody()
 * ```
 */
export const cutBody = (options?: Options): Fault => make({ _tag: "CutBody" }, options)

/**
 * The real answer's headers and the first half of its body; then silence until the client goes away.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const stalled = Fault.stallBody({ target: "token" })
 * ```
 */
export const stallBody = (options?: Options): Fault => make({ _tag: "StallBody" }, options)

/**
 * The connection is destroyed before any answer.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const gone = Fault.reset({ times: 3 })
 * ```
 */
export const reset = (options?: Options): Fault => make({ _tag: "Reset" }, options)

/**
 * Any answer at all. The status is 200 and there are no headers unless given.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const maintenance = Fault.answer({
 *   target: "token",
 *   headers: { "content-type": "text/html" },
 *   body: "<h1>We will be back</h1>"
 * })
 * ```
 */
export const answer = (
  options: Options & {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
  }
): Fault =>
  make(
    {
      _tag: "Answer",
      status: options.status ?? 200,
      headers: options.headers ?? {},
      body: options.body
    },
    options
  )

/**
 * Streams exactly `bytes` bytes that read as a GraphQL answer, without saying how many there will be.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const huge = Fault.hugeBody({ bytes: 50_000_000 })
 * ```
 */
export const hugeBody = (options: Options & { readonly bytes: number }): Fault =>
  make({ _tag: "HugeBody", bytes: options.bytes }, options)

/**
 * The usual answer without the headers that let a page of another origin read it, as a gateway gives that knows nothing of
 * the page. A browser asks first, and that is answered as usual.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const unreadable = Fault.withoutCors()
 * ```
 */
export const withoutCors = (options?: Options): Fault => make({ _tag: "WithoutCors" }, options)

/**
 * Waits in real time, then answers as usual.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const late = Fault.delay({ duration: "2 seconds" })
 * ```
 */
export const delay = (options: Options & { readonly duration: Duration.DurationInput }): Fault =>
  make({ _tag: "Delay", milliseconds: Duration.toMillis(options.duration) }, options)
