/** Streams the rows of a task over HTTP, as a user's program does. */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { task } from "../measurement/answer.js"
import type { Task } from "./messages.js"
import { type Part, partOfColumns, partOfRows, queryOf } from "./zones.js"

/**
 * Streams the rows of the task of this process, runs `use` on them, and sends the result to the
 * parent process.
 */
export const run = <A>(
  use: (parts: Stream.Stream<Part, unknown>, days: number) => Effect.Effect<A, unknown>
): void => {
  const program = Effect.gen(function* () {
    // The task is not decoded with Schema. A user's program need not load Schema, and with Schema
    // each collection of the heap would take longer.
    const { address, days, reads, settings } = task<typeof Task.Encoded>()
    const query = queryOf(days)
    return yield* Effect.flatMap(MetricsClient.MetricsClient, (metrics) =>
      use(
        reads === "columns"
          ? Stream.map(metrics.columns(query, settings), partOfColumns)
          : reads === "rows"
            ? Stream.map(Stream.chunks(metrics.stream(query, settings)), partOfRows)
            : Stream.map(Stream.chunks(metrics.stream(Query.raw(query), settings)), partOfRows),
        days
      )
    ).pipe(
      Effect.provide(
        NodeMetrics.layer({
          clientId: address.clientId,
          clientSecret: Redacted.make(address.clientSecret),
          api: Api.withBaseUrl(Api.v2, address.url)
        })
      )
    )
  })
  Effect.runPromise(program).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error)
      process.exitCode = 1
    }
  )
}

/** Returns the size of JavaScript's heap in bytes, after a garbage collection. */
export const heap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
