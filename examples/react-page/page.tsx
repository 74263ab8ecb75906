/** A React page. A person signs in with Auth0 and sees a week of their building. */
import { Auth0Client } from "@auth0/auth0-spa-js"
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import { Api, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { useQuery } from "./useQuery.js"

/** Vite inserts the settings; see main.ts. */
declare const SETTINGS: {
  readonly baseUrl: string
  readonly domain: string
  readonly clientId: string
  readonly audience: string
}

const home = location.origin + location.pathname
const auth0 = new Auth0Client({
  domain: SETTINGS.domain,
  clientId: SETTINGS.clientId,
  authorizationParams: { audience: SETTINGS.audience, redirect_uri: home }
})

const metrics = createMetricsClient({
  api: Api.withBaseUrl(Api.v1, SETTINGS.baseUrl),
  token: BrowserTokenProvider.fromAuth0(auth0)
})

const week = Query.from(building_metrics, {
  select: ["date_time_start", "metric_value"],
  where: {
    building_id: 72,
    metric_name: "occupancy_max",
    granularity: "P1D",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.week("2024-W10", "Europe/Berlin")
  },
  orderBy: { date_time_start: "asc" }
})

/** Formats dates in the building's time zone, whatever the time zone of the browser is. */
const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" })

const Week = () => {
  const answer = useQuery(metrics, week)
  switch (answer.state) {
    case "loading":
      return <p>Loading</p>
    case "failed":
      return answer.error._tag === "AuthError" && answer.error.reason === "SignInRequired" ? (
        <button type="button" onClick={() => auth0.loginWithRedirect()}>
          Sign in
        </button>
      ) : (
        <p role="alert">{answer.error.message}</p>
      )
    case "answered":
      return (
        <table>
          <caption>Most people at once</caption>
          <tbody>
            {answer.value.map((day) => (
              <tr key={day.date_time_start.getTime()}>
                <th>{date.format(day.date_time_start)}</th>
                <td>{day.metric_value ?? "not measured"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )
  }
}

if (new URLSearchParams(location.search).has("state")) {
  await auth0.handleRedirectCallback()
  history.replaceState(null, "", home)
}

const root = document.getElementById("root")
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Week />
    </StrictMode>
  )
}
