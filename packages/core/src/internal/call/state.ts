/** The progress of a call, as its errors and its span report it. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import type * as Tracer from "effect/Tracer"
import type { Secrets } from "../../HttpExchange.js"
import { type CallError, TransportError } from "../../MetricsError.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { withCall } from "../errors.js"
import { millisOf } from "../monotonic.js"

/** What a call is waiting for. */
export type Phase = "token" | "turn" | "connection" | "answer" | "retry"

/**
 * A retry policy with a function that can exclude transient failures from retries. A stream, for
 * example, sends a smaller request after some failures.
 */
export interface CallPolicy extends RetryPolicy {
  readonly mayRetry?: (error: CallError) => boolean
}

/** The state of one call. Only the call's own fibers change the state. */
export interface CallState {
  readonly operationName: string | undefined
  readonly policy: CallPolicy
  readonly clock: Clock.Clock
  /** The call's span. `undefined` if no span was created. */
  readonly span: Tracer.Span | undefined
  /** When the call must have ended, as `millisOf` measures time. */
  readonly deadline: number
  requestId: string
  attempts: number
  retries: number
  status: number | undefined
  /** The tokens that the call has sent, for redaction in the texts of errors. */
  secrets: Secrets
  hasReplayed: boolean
  /** Whether another attempt was due but the budget was used up. */
  isOverBudget: boolean
  lastFailure: CallError | undefined
  phase: Phase
  /** When the phase began, as `millisOf` measures time. */
  phaseSince: number
  /** How long the call has waited in total, in milliseconds. */
  waited: number
}

/** Creates the state of a call. `random` is an integer of 53 bits. */
export const begin = (
  operationName: string | undefined,
  policy: CallPolicy,
  clock: Clock.Clock,
  span: Tracer.Span | undefined,
  random: number
): CallState => {
  const now = millisOf(clock)
  return {
    operationName,
    policy,
    clock,
    span,
    deadline: now + Duration.toMillis(policy.deadline),
    requestId: hexOf(random),
    attempts: 0,
    retries: 0,
    status: undefined,
    secrets: [],
    hasReplayed: false,
    isOverBudget: false,
    lastFailure: undefined,
    phase: "token",
    phaseSince: now,
    waited: 0
  }
}

/**
 * Writes an integer of 53 bits with 14 hexadecimal digits. The integer is written in two parts of
 * at most 28 bits, because V8 takes seven times as long to write the whole integer.
 */
const hexOf = (integer: number): string => {
  const high = Math.floor(integer / 2 ** 28)
  return sevenDigits(high) + sevenDigits(integer - high * 2 ** 28)
}

const sevenDigits = (bits: number): string => (2 ** 28 + bits).toString(16).slice(1)

/** Moves the call to another phase. */
export const enter = (state: CallState, phase: Phase): void => {
  const now = millisOf(state.clock)
  state.waited = waitedUntil(state, now)
  state.phase = phase
  state.phaseSince = now
}

const waitedUntil = ({ phase, phaseSince, waited }: CallState, now: number): number =>
  phase === "token" || phase === "answer" ? waited : waited + Math.max(0, now - phaseSince)

/** The error of a call, with what is known about the call. */
export const failed = (state: CallState, error: CallError): CallError =>
  withCall(error, {
    operationName: state.operationName,
    requestId: state.requestId,
    attempts: state.attempts,
    waited: Duration.millis(waitedUntil(state, millisOf(state.clock))),
    ...(state.isOverBudget
      ? {
          problem: `${error.problem}; it was not retried, because the client's retry budget is used up`
        }
      : {})
  })

export const deadlineExceeded = (state: CallState): TransportError =>
  new TransportError({
    reason: "DeadlineExceeded",
    problem: `The call exceeded its deadline of ${Duration.format(state.policy.deadline)} while waiting for ${awaitedThings[state.phase]}${
      state.lastFailure === undefined ? "" : `; its last failure: ${state.lastFailure.problem}`
    }`,
    hint:
      state.phase === "turn"
        ? "Make fewer calls at a time, or raise the deadline, rateLimit or concurrency"
        : "Raise the deadline, or query fewer rows at a time"
  })

const awaitedThings: { readonly [Thing in Phase]: string } = {
  token: "a token",
  turn: "its turn under rateLimit or concurrency",
  connection: "a free connection",
  answer: "a response",
  retry: "its next attempt"
}

/** Sets attributes of the span, by OpenTelemetry's semantic conventions for HTTP clients. */
export const describe = ({ attempts, requestId, span, status }: CallState): void => {
  if (span === undefined) return
  span.attribute("http.request.resend_count", Math.max(0, attempts - 1))
  span.attribute("innerspace.request.id", requestId)
  if (status !== undefined) span.attribute("http.response.status_code", status)
}
