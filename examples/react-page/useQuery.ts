/**
 * A query as React state. If the component unmounts, or gets another query, the call is cancelled.
 * An app with TanStack Query does not need this hook; see the example tanstack-query.
 */
import { MetricsError, type Plain, type PromiseClient, type Query } from "@innerspace-metrics/core"
import { useEffect, useState } from "react"

export type Answer<A> =
  | { readonly state: "loading" }
  | { readonly state: "answered"; readonly value: A }
  | { readonly state: "failed"; readonly error: MetricsError.MetricsError }

/**
 * The query must be the same object at each render: create it outside the component, or with
 * `useMemo`.
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
      (value) => {
        if (!left.signal.aborted) setAnswer({ state: "answered", value })
      },
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
