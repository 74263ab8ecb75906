/** HTTP exchanges (one request and its response) with a time limit. */
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

/**
 * The terms of an exchange: its time limit, the error after the time limit, and the span of the
 * call.
 */
export interface Terms {
  readonly clock: Clock.Clock
  /** The time by which the exchange must have ended, as `millisOf` measures time. */
  readonly until: number
  /** Returns the error of an exchange that has not ended at `until`. */
  readonly exceeded: () => TransportError
  readonly span: Tracer.Span | undefined
  /**
   * Called when the request begins to wait for a connection, and again when the request is sent.
   * Returns the terms that are valid from this time.
   */
  readonly enter: (phase: "connection" | "answer") => Terms
}

/**
 * Sends a request under the terms.
 *
 * A call that is interrupted must invoke `abort`. The effect `answer` does not abort the request
 * itself, because it would need a finalizer for this, which would make every call slower.
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
    // The exchange can be interrupted even if it runs inside an uninterruptible region, such as a
    // batch of requests.
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
    return (...args) => {
      // Effect keeps the function below until the next collection of the whole heap
      // (`findings/v8-tenured-closures.sh`). The request, and the call through its terms, must not
      // stay in memory that long.
      let unsent: Parameters<TimedExchange> | undefined = args
      let abort = nothing
      const answer = Effect.async<ReceivedAnswer, TransportError | ResponseError>((resume) => {
        // No code runs the effect twice.
        if (unsent === undefined) return resume(Effect.interrupt)
        const [request, secrets, terms] = unsent
        unsent = undefined
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
            // `resume` is called before `ended`, so that the call continues before its alarm is
            // cancelled.
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

/**
 * A function that does nothing. All exchanges use this one function, because a function that an
 * exchange creates would keep the exchange's request in memory.
 */
const nothing = () => {}
