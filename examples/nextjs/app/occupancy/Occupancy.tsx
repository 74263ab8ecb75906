"use client"

/**
 * Shows a month. The server renders the first month with its rows, and the browser loads the next
 * months.
 */
import type { TimeRange } from "@innerspace-metrics/core"
import {
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  useQuery
} from "@tanstack/react-query"
import { useState } from "react"
import { monthOptions } from "./monthOptions"

const date = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Chicago" })

const Month = ({ month }: { readonly month: TimeRange.IsoMonth }) => {
  const { data, error, isFetching } = useQuery(monthOptions(month))
  if (data === undefined) {
    return error === null ? <p>Loading</p> : <p role="alert">{error.message}</p>
  }
  return (
    <table aria-busy={isFetching}>
      <caption>Most people at once</caption>
      <tbody>
        {data.map((day) => (
          <tr key={day.date_time_start}>
            <th>{date.format(new Date(day.date_time_start))}</th>
            <td>{day.metric_value ?? "not measured"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const Occupancy = ({ state }: { readonly state: DehydratedState }) => {
  const [queryClient] = useState(() => new QueryClient())
  const [month, setMonth] = useState<TimeRange.IsoMonth>("2024-03")
  return (
    <QueryClientProvider client={queryClient}>
      <HydrationBoundary state={state}>
        <Month month={month} />
        <button type="button" onClick={() => setMonth("2024-04")}>
          April
        </button>
      </HydrationBoundary>
    </QueryClientProvider>
  )
}
