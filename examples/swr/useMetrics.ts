/**
 * A query with SWR. SWR does not cancel requests, so this hook cancels them. The hook counts the
 * components that use a key. When the last of these components unmounts or changes its key, the
 * hook aborts the request.
 */
import type { Plain, PromiseClient, Query } from "@innerspace-metrics/core"
import { useEffect } from "react"
import useSWR, { type Key, unstable_serialize } from "swr"

const used = new Map<string, { components: number; controller: AbortController }>()

/**
 * `key` contains everything on which the query depends. Queries with equal keys share their rows.
 */
export const useMetrics = <A>(
  metrics: PromiseClient.PromiseMetricsClient,
  key: Key,
  query: Query.Query<unknown, unknown, A>
) => {
  const id = unstable_serialize(key)
  useEffect(() => {
    entryOf(id).components++
    return () => {
      entryOf(id).components--
      // Wait a moment: StrictMode unmounts each component once and mounts it again at once.
      queueMicrotask(() => {
        const entry = used.get(id)
        if (entry === undefined || entry.components > 0) return
        used.delete(id)
        entry.controller.abort()
      })
    }
  }, [id])
  return useSWR<Plain.Plain<A>>(
    key,
    () => metrics.query(query, { signal: entryOf(id).controller.signal }),
    {
      // Shows the previous rows until the next rows have arrived.
      keepPreviousData: true,
      // The metrics client already retries, within the deadline of a call.
      shouldRetryOnError: false,
      // Values change once a night.
      revalidateOnFocus: false
    }
  )
}

const entryOf = (id: string) => {
  const entry = used.get(id) ?? { components: 0, controller: new AbortController() }
  used.set(id, entry)
  return entry
}
