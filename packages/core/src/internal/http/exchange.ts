/** Exchanges that end by a time. */
import type { HttpClient } from "@effect/platform/HttpClient"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Tracer from "effect/Tracer"
import { exchangesOverHttpClient } from "#exchangesOverHttpClient"
import type { Answer, Options, PostRequest, Secrets, Transport } from "../../HttpExchange.js"
import type { ConfigurationError, ResponseError, TransportError } from "../../MetricsError.js"
import { millisOf } from "../monotonic.js"
import { makeSetAlarm } from "./timers.js"
import { toAnswer } from "./toAnswer.js"

/** By when an exchange has to have ended, and in which span. */
export interface Terms {
  readonly clock: Clock.Clock
  /** By `millisOf` the clock. */
  readonly until: number
  /** What it fails with then. */
  readonly exceeded: () => TransportError
  readonly span: Tracer.Span | undefined
  readonly underWay: UnderWay
  /**
   * The terms from now on, where the request waits for a connection, and where it is sent after
   * that.
   */
  readonly waitFor: (awaited: "connection" | "answer") => Terms
}

/**
 * What ends an exchange that is under way, for whoever runs it to call where it is not wanted any
 * more. That its fiber was interrupted is seen by the call, once for all that it does; to see it
 * here as well would make every call dearer.
 */
export interface UnderWay {
  abort: (() => void) | undefined
}

export type TimedExchange = (
  request: PostRequest,
  secrets: Secrets,
  terms: Terms
) => Effect.Effect<Answer, TransportError | ResponseError>

export const overHttpClient: Effect.Effect<
  (options: Options) => TimedExchange,
  ConfigurationError,
  HttpClient
> = /* @__PURE__ */ Effect.map(exchangesOverHttpClient, (exchangeWith) => (options) => {
  const exchange = exchangeWith(options)
  return (request, secrets, { clock, exceeded, span, until }) => {
    // Also within what cannot be interrupted, as a batch of requests is.
    const sent = Effect.interruptible(exchange(request, secrets))
    return Effect.timeoutFail(span === undefined ? sent : Effect.withParentSpan(sent, span), {
      duration: until - millisOf(clock),
      onTimeout: exceeded
    })
  }
})

export const overTransport =
  (transport: Transport) =>
  (options: Options): TimedExchange => {
    const setAlarm = makeSetAlarm()
    return (request, secrets, terms) =>
      Effect.async((resume) => {
        const { clock, underWay } = terms
        let abort = () => {}
        let cancelAlarm = () => {}
        const ended = () => {
          underWay.abort = undefined
          cancelAlarm()
        }
        const abandon = () => {
          ended()
          abort()
        }
        const endBy = ({ exceeded, until }: Terms) => {
          cancelAlarm()
          cancelAlarm = setAlarm(clock, until, () => {
            resume(Effect.fail(exceeded()))
            abandon()
          })
        }
        endBy(terms)
        underWay.abort = abandon
        abort = transport(
          request,
          secrets,
          options,
          (result) => {
            // First, so that what comes next can begin before the alarm clock is found to be
            // needless.
            resume(Either.map(result, (received) => toAnswer(received, clock)))
            ended()
          },
          () => {
            endBy(terms.waitFor("connection"))
            return () => endBy(terms.waitFor("answer"))
          }
        )
      })
  }
