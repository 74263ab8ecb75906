/** Sends the query on the server, and returns the state for the browser. */
import type { TimeRange } from "@innerspace-metrics/core"
import { type DehydratedState, dehydrate, QueryClient } from "@tanstack/react-query"
import { daysOf } from "../api/occupancy/days"
import { monthOptions } from "./monthOptions"

/** If the query fails, the state has no rows, and the browser requests the rows from the route. */
export const prefetch = async (month: TimeRange.IsoMonth): Promise<DehydratedState> => {
  // Each request has its own query client, so that people cannot see the rows of other people.
  const queryClient = new QueryClient()
  await queryClient.prefetchQuery({ ...monthOptions(month), queryFn: () => daysOf(month) })
  return dehydrate(queryClient)
}
