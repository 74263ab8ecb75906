/** The common code of the functions that return promises. */
import type { ColumnBatch } from "@innerspace-metrics/core/ColumnBatch"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import type * as Query from "@innerspace-metrics/core/Query"
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Stream from "effect/Stream"
import type { StreamColumns } from "./source.js"

/** Options that only functions with promises have. */
export interface PromiseOptions {
  /** Aborts the export and its requests; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Called each time the export has made progress, as in `PromiseMetricsClient.stream`. */
  readonly onProgress?: (progress: Streaming.Progress) => void | PromiseLike<void>
}

export const streamOptions = <Options extends PromiseOptions>({
  onProgress,
  signal: _,
  ...options
}: Options): Omit<Options, keyof PromiseOptions> & Pick<Streaming.Options, "onProgress"> => ({
  ...options,
  ...progressOption(onProgress)
})

/**
 * Converts a callback that may return a promise to the option `onProgress` of the functions with
 * effects.
 */
export const progressOption = <Progress>(
  onProgress: ((progress: Progress) => void | PromiseLike<void>) | undefined
): { readonly onProgress?: (progress: Progress) => Effect.Effect<void> } =>
  onProgress === undefined
    ? {}
    : { onProgress: (progress) => Effect.promise(async () => onProgress(progress)) }

/** Converts the method `columns` of a promise client to `MetricsClient.columns` of Effect. */
export const columnsOf =
  (metrics: PromiseMetricsClient): StreamColumns =>
  <Row>(query: Query.Query<Row>, { onProgress, ...options }: Streaming.Options = {}) =>
    Stream.unwrapScoped(
      Effect.gen(function* () {
        const runtime = yield* Effect.runtime<never>()
        const controller = new AbortController()
        const batches = metrics.columns(query, {
          ...options,
          signal: controller.signal,
          ...(onProgress === undefined
            ? {}
            : { onProgress: (progress) => toPromise(runtime, onProgress(progress)) })
        })
        const iterator = batches[Symbol.asyncIterator]()
        // `iterator.return` waits for the requests of the iterator, so abort the requests first.
        yield* Effect.addFinalizer(() =>
          Effect.promise(async () => {
            controller.abort()
            await iterator.return?.().catch(() => {})
          })
        )
        return Stream.repeatEffectOption(nextBatch(iterator))
      })
    )

const nextBatch = <Row>(
  iterator: AsyncIterator<ColumnBatch<Row>>
): Effect.Effect<ColumnBatch<Row>, Option.Option<CallError>> =>
  Effect.flatMap(
    Effect.tryPromise({
      try: () => iterator.next(),
      // If `onProgress` has thrown an error, that error is passed on unchanged.
      catch: (error) => Option.some(error as CallError)
    }),
    (next) => (next.done === true ? Effect.fail(Option.none()) : Effect.succeed(next.value))
  )

/** Runs an effect as a promise, which rejects with the error of the effect. */
const toPromise = async (
  runtime: Runtime.Runtime<never>,
  effect: Effect.Effect<void>
): Promise<void> => {
  const exit = await Runtime.runPromiseExit(runtime)(effect)
  if (Exit.isFailure(exit)) await Promise.reject(Cause.squash(exit.cause))
}

export const run = async <A, E>(
  effect: Effect.Effect<A, E>,
  signal: AbortSignal | undefined
): Promise<A> => {
  signal?.throwIfAborted()
  const exit = await Effect.runPromiseExit(effect, signal === undefined ? {} : { signal })
  if (Exit.isSuccess(exit)) return exit.value
  return Promise.reject(
    Cause.isInterruptedOnly(exit.cause) && signal?.aborted === true
      ? signal.reason
      : Cause.squash(exit.cause)
  )
}
