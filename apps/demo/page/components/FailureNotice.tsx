/**
 * Shows a failure, the next step, and a button to try again. If the server asked for a wait, the
 * notice counts down.
 */
import { useEffect, useState } from "preact/hooks"
import type { Failure } from "../Panel.js"

interface Properties {
  readonly failure: Failure
  readonly onRetry: () => void
  /** The name of the older data that is still shown below, if there is any. */
  readonly shown?: string | undefined
}

export const FailureNotice = ({ failure, onRetry, shown }: Properties) => {
  const seconds = useCountdown(failure.retryAt, onRetry)
  return (
    <div class="notice notice-failure" role="alert">
      <p class="notice-title">{failure.problem}.</p>
      <p>
        {failure.hint}.{shown === undefined ? "" : ` The data below was loaded earlier: ${shown}.`}
      </p>
      <div class="notice-actions">
        <button type="button" class="button" onClick={onRetry} disabled={seconds > 0}>
          {seconds > 0 ? `Retrying in ${seconds} s` : "Try again"}
        </button>
        <span class="notice-code">
          {failure.code}
          {failure.requestId === undefined ? "" : `, request ${failure.requestId}`}
        </span>
      </div>
    </div>
  )
}

/** Counts down in whole seconds, and runs `onEnd` once at the end. */
const useCountdown = (until: number | undefined, onEnd: () => void): number => {
  const left = () => (until === undefined ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000)))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    setSeconds(left())
    if (until === undefined) return
    const timer = setInterval(() => {
      setSeconds(left())
      if (left() > 0) return
      clearInterval(timer)
      onEnd()
    }, 250)
    return () => clearInterval(timer)
  }, [until])
  return seconds
}
