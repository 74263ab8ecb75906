/** A React page on v2. It shows all zones of a floor for last week. */
import { Auth0Client } from "@auth0/auth0-spa-js"
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import { QueryClient, QueryClientProvider, QueryErrorResetBoundary } from "@tanstack/react-query"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { ErrorBoundary } from "./ErrorBoundary.js"
import { FloorWeek } from "./FloorWeek.js"

/** Vite inserts the settings; see main.ts. */
declare const SETTINGS: {
  readonly baseUrl?: string
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
  api: "v2",
  ...(SETTINGS.baseUrl === undefined ? {} : { baseUrl: SETTINGS.baseUrl }),
  token: BrowserTokenProvider.fromAuth0(auth0)
})

/** The first floor of building 72. */
const floor = { siteId: 100000721, zone: "Europe/Berlin" }

if (new URLSearchParams(location.search).has("state")) {
  await auth0.handleRedirectCallback()
  history.replaceState(null, "", home)
}

const root = document.getElementById("root")
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <QueryErrorResetBoundary>
          {({ reset }) => (
            <ErrorBoundary onReset={reset}>
              <FloorWeek
                metrics={metrics}
                floor={floor}
                onSignIn={() => void auth0.loginWithRedirect()}
              />
            </ErrorBoundary>
          )}
        </QueryErrorResetBoundary>
      </QueryClientProvider>
    </StrictMode>
  )
}
