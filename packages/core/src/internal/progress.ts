/** How far a call has come: what its errors and its span tell. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Secrets } from "../HttpExchange.js"
import { type CallDetails, type CallError, TransportError, withCall } from "../MetricsError.js"
import type { RetryPolicy } from "../RetryPolicy.js"

/** What a call can be waiting for. */
export type Awaited = "token" | "turn" | "answer" | "retry"

/** Only the call's own fiber writes it. */
export interface Progress {
  readonly operationName: string | undefined
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
  awaitedSince: number
  /** Milliseconds. */
  waited: number
}

export const begin = (operationName: string | undefined, now: number): Effect.Effect<Progress> =>
  Effect.map(newRequestId, (requestId) => ({
    operationName,
    requestId,
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
  }))

/** From now on the call waits for something else. */
export const wait = (progress: Progress, awaited: Awaited): Effect.Effect<void> =>
  Effect.map(Clock.currentTimeMillis, (now) => waitFrom(progress, awaited, now))

export const waitFrom = (progress: Progress, awaited: Awaited, now: number): void => {
  progress.waited = waitedUntil(progress, now)
  progress.awaited = awaited
  progress.awaitedSince = now
}

const waitedUntil = ({ awaited, awaitedSince, waited }: Progress, now: number): number =>
  awaited === "turn" || awaited === "retry" ? waited + Math.max(0, now - awaitedSince) : waited

/** The error of a call, with what is known of the call. */
export const failed = (progress: Progress, error: CallError): Effect.Effect<never, CallError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.fail(
      withCall(error, {
        ...detailsOf(progress, now),
        ...(progress.isOverBudget
          ? {
              problem: `${error.problem}; it was not tried again, because the client's retry budget is used up`
            }
          : {})
      })
    )
  )

const detailsOf = (progress: Progress, now: number): CallDetails => ({
  operationName: progress.operationName,
  requestId: progress.requestId,
  attempts: progress.attempts,
  waited: Duration.millis(waitedUntil(progress, now))
})

export const deadlineExceeded = (policy: RetryPolicy, progress: Progress): TransportError =>
  new TransportError({
    reason: "DeadlineExceeded",
    problem: `The call did not end within its deadline of ${Duration.format(policy.deadline)}: it waited for ${awaitedThings[progress.awaited]}${
      progress.lastFailure === undefined
        ? ""
        : `; the last failure: ${progress.lastFailure.problem}`
    }`,
    hint:
      progress.awaited === "turn"
        ? "Make fewer calls at a time, or raise the deadline, rateLimit or concurrency"
        : "Raise the deadline, or ask for less at a time"
  })

const awaitedThings: { readonly [Thing in Awaited]: string } = {
  token: "a token",
  turn: "its turn under rateLimit or concurrency",
  answer: "an answer",
  retry: "its next attempt"
}

/** 64 random bits, as hexadecimal digits. */
const newRequestId: Effect.Effect<string> = Effect.map(
  Effect.all([Random.nextIntBetween(0, 2 ** 32), Random.nextIntBetween(0, 2 ** 32)]),
  (words) => words.map((word) => word.toString(16).padStart(8, "0")).join("")
)
