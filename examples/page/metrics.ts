/** The login and the client of a page, and the query that the pages of the examples send. */
import { Auth0Client } from "@auth0/auth0-spa-js"
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import { Api, MetricsError, Query, TimeRange } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"

/** Vite inserts the settings; see serve.ts. */
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

/** One client for the whole page. */
export const metrics = createMetricsClient({
  api: Api.withBaseUrl(Api.v1, SETTINGS.baseUrl),
  token: BrowserTokenProvider.fromAuth0(auth0)
})

export const signIn = () => auth0.loginWithRedirect()

/**
 * Finishes a sign-in. Call it when the page loads, because the person may have returned from the
 * sign-in.
 */
export const finishSignIn = async (): Promise<void> => {
  if (!new URLSearchParams(location.search).has("state")) return
  await auth0.handleRedirectCallback()
  history.replaceState(null, "", home)
}

export const isSignInRequired = (error: unknown): boolean =>
  MetricsError.isMetricsError(error) && error.reason === "SignInRequired"

/** The query for the most people at once on each day of a week of 2024. */
export const weekOf2024 = (week: number) =>
  Query.from(building_metrics, {
    select: ["date_time_start", "metric_value"],
    where: {
      building_id: 72,
      metric_name: "occupancy_max",
      granularity: "P1D",
      group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
      date_time_start: TimeRange.week(`2024-W${week}`, "Europe/Berlin")
    },
    orderBy: { date_time_start: "asc" }
  })

export interface Day {
  readonly date_time_start: Date
  readonly metric_value: number | null
}

const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" })

/** The date in the building's time zone, whatever the time zone of the browser is. */
export const dateOf = (day: Day): string => date.format(day.date_time_start)

export const peopleOf = (day: Day): string => day.metric_value?.toString() ?? "not measured"
