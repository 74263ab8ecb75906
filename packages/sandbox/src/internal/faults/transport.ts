import * as Duration from "effect/Duration"
import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"
import type { Closing } from "./FaultEffect.js"

/**
 * Waits in real time, 24 days at most, then answers as usual.
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
 * The real answer's headers and the first half of its body; then silence until the client goes
 * away.
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
 * The real answer whose body comes in small pieces with a wait in real time between them: 16 bytes
 * and 50 milliseconds unless given.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const dribbling = Fault.slowBody({ bytes: 1, every: "1 second" })
 * ```
 */
export const slowBody = (
  options: Options & { readonly bytes?: number; readonly every?: Duration.DurationInput } = {}
): Fault =>
  make(
    {
      _tag: "SlowBody",
      bytes: options.bytes ?? 16,
      milliseconds: Duration.toMillis(options.every ?? "50 millis")
    },
    options
  )

/**
 * The connection is reset before any answer. For one that breaks in the middle of an answer there
 * is `cutBody`.
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
 * The usual answer over a connection that seems to stay open. It is reset when the client uses it
 * again, unless given: that is what happens when a server closes an idle connection just as a
 * request is on its way. The log does not have that request. With `AfterAnswer` it is closed as
 * soon as the answer is sent.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const idle = Fault.closeConnection({ when: "AfterAnswer" })
 * ```
 */
export const closeConnection = (options: Options & { readonly when?: Closing } = {}): Fault =>
  make({ _tag: "CloseConnection", when: options.when ?? "OnReuse" }, options)

/**
 * The request's host goes away: its connections are reset, and new ones refused for so long in real
 * time, 24 days at most, or until `control.clearFaults` or `control.reset`. The other hosts answer
 * meanwhile, the control endpoint too.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const restart = Fault.refuseConnections({ duration: "1 second" })
 * ```
 */
export const refuseConnections = (
  options: Options & { readonly duration: Duration.DurationInput }
): Fault =>
  make({ _tag: "RefuseConnections", milliseconds: Duration.toMillis(options.duration) }, options)
