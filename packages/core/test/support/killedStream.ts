/** Kills and resumes streams, as happens to programs that store rows and resume points. */
import { assert } from "@effect/vitest"
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type * as Query from "@innerspace-metrics/core/Query"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"

/** How a run of the stream ends early. */
export type Kill =
  | { readonly _tag: "AfterRows"; readonly count: number }
  | { readonly _tag: "AtRequest"; readonly count: number }

export const anyKill: FastCheck.Arbitrary<Kill> = FastCheck.oneof(
  FastCheck.record({
    _tag: FastCheck.constant("AfterRows" as const),
    count: FastCheck.integer({ min: 0, max: 30 })
  }),
  FastCheck.record({
    _tag: FastCheck.constant("AtRequest" as const),
    count: FastCheck.integer({ min: 1, max: 12 })
  })
)

/** Returns a row as text, so that rows can be compared. */
export const textOf = (row: unknown) =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value))

/**
 * Returns the rows of a program that stores rows together with resume points. After each kill, the
 * program resumes from the last resume point.
 */
export const streamed = (
  metrics: MetricsClient,
  query: Query.Query<unknown>,
  options: Streaming.Options,
  kills: ReadonlyArray<Kill>,
  /** Registers a function that runs before the server responds to a request. */
  onRequest: (run: () => void) => void
): Effect.Effect<{ readonly rows: ReadonlyArray<string>; readonly error: CallError | undefined }> =>
  Effect.gen(function* () {
    const kept: Array<string> = []
    let resumeFrom: Streaming.ResumePoint | undefined
    for (const kill of [...kills, undefined]) {
      const killed = yield* Deferred.make<void>()
      let requests = 0
      onRequest(() => {
        requests++
        if (kill?._tag === "AtRequest" && requests === kill.count) {
          Deferred.unsafeDone(killed, Effect.void)
        }
      })
      const inHand: Array<string> = []
      let noted = 0
      const rows = metrics.stream(query, {
        ...options,
        ...(resumeFrom === undefined ? {} : { resumeFrom }),
        onProgress: (progress) =>
          Effect.sync(() => {
            // Progress is reported only for rows that the program has consumed.
            assert.isAtMost(progress.rows - noted, inHand.length)
            kept.push(...inHand.splice(0, progress.rows - noted))
            noted = progress.rows
            // The resume point is written as JSON and read again, as by a program that stores it.
            resumeFrom =
              progress.resume === undefined
                ? undefined
                : JSON.parse(JSON.stringify(progress.resume))
          })
      })
      const run = (kill?._tag === "AfterRows" ? Stream.take(rows, kill.count) : rows).pipe(
        Stream.runForEach((row) => Effect.sync(() => inHand.push(textOf(row)))),
        Effect.as(true),
        Effect.raceFirst(Effect.as(Deferred.await(killed), false)),
        Effect.either
      )
      const ended = yield* run
      if (Either.isLeft(ended)) return { rows: [...kept, ...inHand], error: ended.left }
      if (kill === undefined || (kill._tag === "AtRequest" && ended.right)) {
        assert.strictEqual(inHand.length, 0)
        break
      }
    }
    return { rows: kept, error: undefined }
  })
