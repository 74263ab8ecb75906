/** A React page with SWR. */
import { StrictMode, useState } from "react"
import { createRoot } from "react-dom/client"
import { finishSignIn, isSignInRequired, metrics, signIn, weekOf2024 } from "../page/metrics.js"
import { WeekTable } from "../page/WeekTable.js"
import { useMetrics } from "./useMetrics.js"

const Week = ({ week }: { readonly week: number }) => {
  const { data, error, isLoading, isValidating, mutate } = useMetrics(
    metrics,
    ["most people at once", week],
    weekOf2024(week)
  )
  if (data === undefined) {
    // SWR keeps the error of an aborted request until the next request ends, so check `isLoading`
    // first.
    if (isLoading) return <p>Loading</p>
    return isSignInRequired(error) ? (
      <button type="button" onClick={signIn}>
        Sign in
      </button>
    ) : (
      <p role="alert">{String(error)}</p>
    )
  }
  return (
    <>
      {error !== undefined && !isValidating && <p role="alert">{String(error)}</p>}
      <WeekTable days={data} isLoading={isValidating} />
      <button type="button" onClick={() => mutate()}>
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
      <Page />
    </StrictMode>
  )
}
