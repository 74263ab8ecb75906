/**
 * A query with SWR. SWR does not cancel requests, so this hook does: it counts the components that
 * use a key, and aborts the request when the last one has unmounted or has another key.
 */
import type { Plain, PromiseClient, Query } from "@innerspace-metrics/core"
import { useEffect } from "react"
import useSWR, { type Key, unstable_serialize } from "swr"

const used = new Map<string, { components: number; controller: AbortController }>()

/** `key` has everything that the query depends on. Queries with an equal key share their rows. */
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
      // StrictMode unmounts each component once and mounts it again at once.
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
      // Shows the previous rows until the next ones have arrived.
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
