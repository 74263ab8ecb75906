/** A React page with TanStack Query. */
import type { MetricsError } from "@innerspace-metrics/core"
import {
  keepPreviousData,
  QueryClient,
  QueryClientProvider,
  queryOptions,
  useQuery
} from "@tanstack/react-query"
import { StrictMode, useState } from "react"
import { createRoot } from "react-dom/client"
import { finishSignIn, isSignInRequired, metrics, signIn, weekOf2024 } from "../page/metrics.js"
import { WeekTable } from "../page/WeekTable.js"

/** Calls reject with a `MetricsError`, so this is the type of `error` in all queries. */
declare module "@tanstack/react-query" {
  interface Register {
    defaultError: MetricsError.MetricsError
  }
}

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The metrics client already retries, within the deadline of a call.
      retry: false,
      // Values change once a night.
      staleTime: 60 * 60 * 1000
    }
  }
})

const weekOptions = (week: number) =>
  queryOptions({
    // The key contains everything on which the query depends.
    queryKey: ["most people at once", week],
    // With the signal, TanStack Query cancels the request when no component needs it.
    queryFn: ({ signal }) => metrics.query(weekOf2024(week), { signal }),
    // Shows the previous week until the next week has arrived.
    placeholderData: keepPreviousData
  })

const Week = ({ week }: { readonly week: number }) => {
  const { data, error, isFetching, refetch } = useQuery(weekOptions(week))
  if (data === undefined) {
    if (error === null) return <p>Loading</p>
    return isSignInRequired(error) ? (
      <button type="button" onClick={signIn}>
        Sign in
      </button>
    ) : (
      <p role="alert">{error.message}</p>
    )
  }
  return (
    <>
      {error !== null && <p role="alert">{error.message}</p>}
      <WeekTable days={data} isLoading={isFetching} />
      <button type="button" onClick={() => refetch()}>
        Refresh
      </button>
    </>
  )
}

const Page = () => {
  const [week, setWeek] = useState(10)
  const [isShown, setIsShown] = useState(true)
  return (
    <>
      <button type="button" onClick={() => setWeek(week + 1)}>
        Next week
      </button>
      <button type="button" onClick={() => setIsShown(!isShown)}>
        {isShown ? "Hide" : "Show"}
      </button>
      {isShown && <Week week={week} />}
    </>
  )
}

await finishSignIn()
const root = document.getElementById("root")
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Page />
      </QueryClientProvider>
    </StrictMode>
  )
}
