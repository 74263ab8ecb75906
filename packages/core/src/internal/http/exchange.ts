/** Exchanges with a time limit. */
import type { HttpClient } from "@effect/platform/HttpClient"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { exchangesOverHttpClient } from "#exchangesOverHttpClient"
import type {
  Options,
  PostRequest,
  ReceivedAnswer,
  Secrets,
  Transport
} from "../../HttpExchange.js"
import type { ConfigurationError, ResponseError, TransportError } from "../../MetricsError.js"
import { millisOf } from "../monotonic.js"
import { makeSetAlarm } from "./timers.js"

/** The time by which an exchange must have ended, and its span. */
export interface Terms {
  readonly clock: Clock.Clock
  /** As `millisOf` measures time. */
  readonly until: number
  /** The error if the exchange has not ended by then. */
  readonly exceeded: () => TransportError
  readonly span: Tracer.Span | undefined
  /**
   * Called when the request waits for a connection, and again when it is sent. Returns the terms
   * from then on.
   */
  readonly enter: (phase: "connection" | "answer") => Terms
}

/**
 * Sends a request under the terms.
 *
 * The call invokes `abort` when it is interrupted. The effect does not detect its interruption by
 * itself, because a second finalizer would cost every call.
 */
export type TimedExchange = (
  request: PostRequest,
  secrets: Secrets,
  terms: Terms
) => {
  readonly answer: Effect.Effect<ReceivedAnswer, TransportError | ResponseError>
  readonly abort: (() => void) | undefined
}

export const overHttpClient: Effect.Effect<
  (options: Options) => TimedExchange,
  ConfigurationError,
  HttpClient
> = /* @__PURE__ */ Effect.map(exchangesOverHttpClient, (exchangeWith) => (options) => {
  const exchange = exchangeWith(options)
  return (request, secrets, { clock, exceeded, span, until }) => {
    // Interruptible even inside an uninterruptible region, such as a batch of requests.
    const sent = Effect.interruptible(exchange(request, secrets))
    return {
      answer: Effect.timeoutFail(span === undefined ? sent : Effect.withParentSpan(sent, span), {
        duration: until - millisOf(clock),
        onTimeout: exceeded
      }),
      abort: undefined
    }
  }
})

export const overTransport =
  (transport: Transport) =>
  (options: Options): TimedExchange => {
    const setAlarm = makeSetAlarm()
    return (request, secrets, terms) => {
      let abort = nothing
      const answer = Effect.async<ReceivedAnswer, TransportError | ResponseError>((resume) => {
        const { clock } = terms
        let abortRequest = nothing
        let cancelAlarm = nothing
        const ended = () => {
          abort = nothing
          cancelAlarm()
        }
        const endBy = ({ exceeded, until }: Terms) => {
          cancelAlarm()
          cancelAlarm = setAlarm(clock, until, () => {
            resume(Effect.fail(exceeded()))
            abort()
          })
        }
        abort = () => {
          ended()
          abortRequest()
        }
        endBy(terms)
        abortRequest = transport(
          request,
          secrets,
          options,
          (result) => {
            // This comes first, so that the next step can begin before the timers find that they
            // are not needed.
            resume(result)
            ended()
          },
          () => {
            endBy(terms.enter("connection"))
            return () => endBy(terms.enter("answer"))
          }
        )
      })
      return { answer, abort: () => abort() }
    }
  }

/** One function for all exchanges: one created in an exchange would keep its request in memory. */
const nothing = () => {}
