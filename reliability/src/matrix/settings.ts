/** How the clients of the matrix are set: as usual, but quicker. */
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Duration from "effect/Duration"
import type { Persistence, Signal } from "./signals.js"

/** The answer to the introspection query is the largest that is right. */
export const maxBodySize = 1_500_000

/**
 * What fails once is given many attempts, so that a busy machine cannot make them fail; what stays
 * needs only two, and one where each costs time. A connection that breaks when it is used again
 * costs an attempt, and a pull has several of them. So does a connection of a host that has gone,
 * where the client does not know of that yet.
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
 * Short only where it has to pass, and then long enough for the attempt after it: ten times as long
 * as the operation `took` on this machine, for a busy one is not equally busy all the time. To
 * renew a token, the browser adapter first gives other tabs half a second.
 */
export const timeout = (signal: Signal, took: Duration.Duration): Duration.Duration =>
  signal._tag === "Late"
    ? Duration.clamp(Duration.sum(Duration.millis(500), Duration.times(took, 10)), {
        minimum: Duration.millis(800),
        maximum: usualTimeout
      })
    : usualTimeout

export const usualTimeout = Duration.seconds(10)

/** A call that has not ended after this hangs: no deadline is so long. */
export const limit = Duration.seconds(30)
