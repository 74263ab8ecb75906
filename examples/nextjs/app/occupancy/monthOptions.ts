/** The query of a month for TanStack Query. The server and the browser use the same key. */
import type { TimeRange } from "@innerspace-metrics/core"
import { keepPreviousData, queryOptions } from "@tanstack/react-query"

/** A row as JSON. */
export interface Day {
  readonly date_time_start: string
  readonly metric_value: number | null
}

export const monthOptions = (month: TimeRange.IsoMonth) =>
  queryOptions({
    queryKey: ["occupancy", month],
    // The browser has no credentials, so it calls the route. The signal aborts the call to the API.
    queryFn: async ({ signal }): Promise<ReadonlyArray<Day>> => {
      const response = await fetch(`/api/occupancy?month=${month}`, { signal })
      if (!response.ok) throw new Error(`The server responded with status ${response.status}`)
      return response.json()
    },
    // Values change once a night. The rows that the server has rendered are therefore not requested
    // again.
    staleTime: 60 * 60 * 1000,
    placeholderData: keepPreviousData,
    // The metrics client on the server already retries.
    retry: false
  })
