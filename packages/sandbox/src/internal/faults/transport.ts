import * as Duration from "effect/Duration"
import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"
import type { Closing } from "./FaultEffect.js"

/**
 * Waits in real time, at most 24 days, then responds as usual.
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
 * Sends the real response's headers and the first half of its body, then destroys the connection.
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
 * Sends the real response's headers and the first half of its body, then nothing until the client
 * disconnects.
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
 * Sends the real response's body in small chunks with a wait in real time between them. The default
 * is 16 bytes and 50 milliseconds.
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
 * Resets the connection before the response. To break it in the middle of a response, use
 * `cutBody`.
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
 * The real response over a connection that seems to stay open. By default, the connection is reset
 * when the client uses it again. This also happens with real servers, if a server closes an idle
 * connection while a request is on its way. The log does not contain the request that was sent over
 * the reset connection. With `AfterAnswer` the connection is closed as soon as the response is
 * sent.
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
 * Takes the request's host offline. The host's connections are reset, and new connections are
 * refused. This lasts for the duration in real time, at most 24 days, or until
 * `control.clearFaults` or `control.reset`. The other hosts, including their control endpoints,
 * keep responding.
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
