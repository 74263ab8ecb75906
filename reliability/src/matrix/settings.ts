/** The settings of the clients of the matrix: the usual ones, but with shorter times. */
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Duration from "effect/Duration"
import type { Persistence, Signal } from "./signals.js"

/** The response to the introspection query is the largest valid response. */
export const maxBodySize = 1_500_000

/**
 * A fault that happens once gets many attempts, so that a busy machine cannot make them all fail. A
 * permanent fault needs only two attempts, or one if each attempt costs time. A connection that
 * breaks on reuse costs an attempt, and a stream has several connections. A connection to a host
 * that has gone also costs an attempt, if the client does not know that yet.
 */
export const retry = (persistence: Persistence, signal: Signal): RetryPolicy.RetryPolicy =>
  RetryPolicy.make({
    attempts: attemptsOf(persistence, signal),
    baseDelay: "4 millis",
    deadline: "20 seconds"
  })

const attemptsOf = (persistence: Persistence, signal: Signal): number =>
  persistence === "once" || signal._tag === "BrokenOnReuse" || signal._tag === "Away"
    ? 8
    : signal._tag === "Late"
      ? 1
      : 2

/**
 * Short only if the limit must be exceeded. Even then it leaves time for the next attempt: ten
 * times as long as the operation `took` on this machine, because the load of a busy machine
 * changes. To renew a token, the browser adapter first gives other tabs half a second.
 */
export const timeout = (signal: Signal, took: Duration.Duration): Duration.Duration =>
  signal._tag === "Late"
    ? Duration.clamp(Duration.sum(Duration.millis(500), Duration.times(took, 10)), {
        minimum: Duration.millis(800),
        maximum: usualTimeout
      })
    : usualTimeout

export const usualTimeout = Duration.seconds(10)

/** A call that has not ended after this time hangs, because every deadline is shorter. */
export const limit = Duration.seconds(30)
