/** A query as React's state. Leaving the component, or another query, aborts the call. */
import { MetricsError, type Plain, type PromiseClient, type Query } from "@innerspace-metrics/core"
import { useEffect, useState } from "react"

export type Answer<A> =
  | { readonly state: "loading" }
  | { readonly state: "answered"; readonly value: A }
  | { readonly state: "failed"; readonly error: MetricsError.MetricsError }

/**
 * The query has to be the same value as long as it means the same: made outside of the component,
 * or by `useMemo`.
 */
export const useQuery = <A>(
  metrics: PromiseClient.PromiseMetricsClient,
  query: Query.Query<unknown, unknown, A>
): Answer<Plain.Plain<A>> => {
  const [answer, setAnswer] = useState<Answer<Plain.Plain<A>>>({ state: "loading" })
  useEffect(() => {
    const left = new AbortController()
    setAnswer({ state: "loading" })
    metrics.query(query, { signal: left.signal }).then(
      (value) => setAnswer({ state: "answered", value }),
      (error) => {
        if (left.signal.aborted) return
        if (!MetricsError.isMetricsError(error)) throw error
        setAnswer({ state: "failed", error })
      }
    )
    return () => left.abort()
  }, [metrics, query])
  return answer
}
