/** Shows that data is loading, and the progress. */
import type { Progress } from "@innerspace-metrics/core/Streaming"
import * as words from "../model/words.js"

interface Properties {
  readonly title: string
  readonly progress: Progress | undefined
  /** Whether older data stays visible while the new data loads. */
  readonly isQuiet: boolean
}

export const LoadingNotice = ({ title, progress, isQuiet }: Properties) => {
  const text =
    progress === undefined
      ? "Loading"
      : `Loading, ${progress.done} of ${progress.total} parts, ${words.count(progress.rows)} rows`
  return (
    <div class={isQuiet ? "loading loading-quiet" : "loading"} role="status">
      <progress
        aria-label={`${title}: loading`}
        {...(progress === undefined ? {} : { value: progress.done, max: progress.total })}
      />
      <p class={isQuiet ? "visually-hidden" : undefined}>{text}</p>
      {!isQuiet && <div class="skeleton" aria-hidden="true" />}
    </div>
  )
}
