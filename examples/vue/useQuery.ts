/**
 * A query as Vue state. If the component unmounts, or `query` changes, the call is cancelled. The
 * previous rows remain until the next rows have arrived.
 */
import { MetricsError, type Plain, type PromiseClient, type Query } from "@innerspace-metrics/core"
import { shallowRef, watchEffect } from "vue"

/**
 * Sends a query. `query` may read refs. The query is sent again when these refs change, or when
 * `refresh` is called.
 */
export const useQuery = <A>(
  metrics: PromiseClient.PromiseMetricsClient,
  query: () => Query.Query<unknown, unknown, A>
) => {
  const data = shallowRef<Plain.Plain<A>>()
  const error = shallowRef<MetricsError.MetricsError>()
  const isLoading = shallowRef(true)
  const refreshed = shallowRef(0)
  watchEffect(async (onCleanup) => {
    const left = new AbortController()
    onCleanup(() => left.abort())
    void refreshed.value
    isLoading.value = true
    try {
      const rows = await metrics.query(query(), { signal: left.signal })
      if (left.signal.aborted) return
      data.value = rows
      error.value = undefined
    } catch (failure) {
      if (left.signal.aborted) return
      if (!MetricsError.isMetricsError(failure)) throw failure
      error.value = failure
    }
    isLoading.value = false
  })
  return { data, error, isLoading, refresh: () => refreshed.value++ }
}
