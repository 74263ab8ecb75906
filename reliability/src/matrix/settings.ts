/** The settings of the clients in the matrix. They are the usual settings with shorter times. */
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Duration from "effect/Duration"
import type { Persistence, Signal } from "./signals.js"

/**
 * The largest body that a client accepts. The largest valid response is the response to the
 * introspection query.
 */
export const maxBodySize = 1_500_000

/**
 * The retry policy of a cell. A fault that happens once gets many attempts, because other attempts
 * can fail on a busy machine. A permanent fault needs only two attempts, or one attempt if each
 * attempt takes long. Connections that break on reuse need many attempts, because each broken
 * connection costs an attempt, and a stream has several connections. If a host goes offline, each
 * connection that the client still considers open costs an attempt too.
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
 * The time limit of an attempt. It is short only if a late response must exceed the limit. The next
 * attempt must then still succeed on a busy machine, so the limit is ten times as long as the
 * operation `took`. Half a second is added, because the browser adapter waits for other tabs for
 * half a second when it renews a token.
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
