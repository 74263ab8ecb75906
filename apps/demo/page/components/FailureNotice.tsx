/**
 * What failed, what to do, and a way to try again; with a countdown where the server says when to
 * come back.
 */
import { useEffect, useState } from "preact/hooks"
import type { Failure } from "../Panel.js"

interface Properties {
  readonly failure: Failure
  readonly onRetry: () => void
  /** What was loaded before and stays below; nothing where there is nothing. */
  readonly shown?: string | undefined
}

export const FailureNotice = ({ failure, onRetry, shown }: Properties) => {
  const seconds = useCountdown(failure.retryAt, onRetry)
  return (
    <div class="notice notice-failure" role="alert">
      <p class="notice-title">{failure.problem}.</p>
      <p>
        {failure.hint}.{shown === undefined ? "" : ` Below is what was loaded before: ${shown}.`}
      </p>
      <div class="notice-actions">
        <button type="button" class="button" onClick={onRetry} disabled={seconds > 0}>
          {seconds > 0 ? `Tries again in ${seconds} s` : "Try again"}
        </button>
        <span class="notice-code">
          {failure.code}
          {failure.requestId === undefined ? "" : `, request ${failure.requestId}`}
        </span>
      </div>
    </div>
  )
}

/** Whole seconds that are left; at their end the effect runs, once. */
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
