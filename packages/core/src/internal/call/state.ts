/** How far a call has come: what its errors and its span tell. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import type * as Tracer from "effect/Tracer"
import type { Secrets } from "../../HttpExchange.js"
import { type CallError, TransportError } from "../../MetricsError.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { withCall } from "../errors.js"
import type { UnderWay } from "../http/exchange.js"
import { millisOf } from "../monotonic.js"

/** What a call can be waiting for. */
export type Awaited = "token" | "turn" | "connection" | "answer" | "retry"

/** A policy, and what it does not try again that can pass: what is better asked in another way. */
export interface CallPolicy extends RetryPolicy {
  readonly mayRetry?: (error: CallError) => boolean
}

/** Only the call's own fibers write it. */
export interface Progress {
  readonly operationName: string | undefined
  readonly policy: CallPolicy
  readonly clock: Clock.Clock
  /** None where nobody could see it. */
  readonly span: Tracer.Span | undefined
  /** When the call has to have ended, by `millisOf` the clock. */
  readonly deadline: number
  readonly underWay: UnderWay
  requestId: string
  attempts: number
  retries: number
  status: number | undefined
  /** The tokens in use. */
  secrets: Secrets
  hasReplayed: boolean
  /** Whether another attempt was due and the budget had none left. */
  isOverBudget: boolean
  lastFailure: CallError | undefined
  awaited: Awaited
  /** By `millisOf` the clock. */
  awaitedSince: number
  /** Milliseconds. */
  waited: number
}

/** `random` has 53 bits. */
export const begin = (
  operationName: string | undefined,
  policy: CallPolicy,
  clock: Clock.Clock,
  span: Tracer.Span | undefined,
  random: number
): Progress => {
  const now = millisOf(clock)
  return {
    operationName,
    policy,
    clock,
    span,
    deadline: now + Duration.toMillis(policy.deadline),
    underWay: { abort: undefined },
    requestId: random.toString(16).padStart(14, "0"),
    attempts: 0,
    retries: 0,
    status: undefined,
    secrets: [],
    hasReplayed: false,
    isOverBudget: false,
    lastFailure: undefined,
    awaited: "token",
    awaitedSince: now,
    waited: 0
  }
}

/** From now on the call waits for something else. */
export const waitFor = (progress: Progress, awaited: Awaited): void => {
  const now = millisOf(progress.clock)
  progress.waited = waitedUntil(progress, now)
  progress.awaited = awaited
  progress.awaitedSince = now
}

const waitedUntil = ({ awaited, awaitedSince, waited }: Progress, now: number): number =>
  awaited === "token" || awaited === "answer" ? waited : waited + Math.max(0, now - awaitedSince)

/** The error of a call, with what is known of the call. */
export const failed = (progress: Progress, error: CallError): CallError =>
  withCall(error, {
    operationName: progress.operationName,
    requestId: progress.requestId,
    attempts: progress.attempts,
    waited: Duration.millis(waitedUntil(progress, millisOf(progress.clock))),
    ...(progress.isOverBudget
      ? {
          problem: `${error.problem}; it was not retried, because the client's retry budget is used up`
        }
      : {})
  })

export const deadlineExceeded = (progress: Progress): TransportError =>
  new TransportError({
    reason: "DeadlineExceeded",
    problem: `The call did not end within its deadline of ${Duration.format(progress.policy.deadline)}: it waited for ${awaitedThings[progress.awaited]}${
      progress.lastFailure === undefined
        ? ""
        : `; the last failure: ${progress.lastFailure.problem}`
    }`,
    hint:
      progress.awaited === "turn"
        ? "Make fewer calls at a time, or raise the deadline, rateLimit or concurrency"
        : "Raise the deadline, or request less at a time"
  })

const awaitedThings: { readonly [Thing in Awaited]: string } = {
  token: "a token",
  turn: "its turn under rateLimit or concurrency",
  connection: "a free connection",
  answer: "an answer",
  retry: "its next attempt"
}

/** OpenTelemetry's semantic conventions for HTTP clients. */
export const describe = ({ attempts, requestId, span, status }: Progress): void => {
  if (span === undefined) return
  span.attribute("http.request.resend_count", Math.max(0, attempts - 1))
  span.attribute("innerspace.request.id", requestId)
  if (status !== undefined) span.attribute("http.response.status_code", status)
}
