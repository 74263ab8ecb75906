/** A page with the promise client, without Effect and without a framework. */
import "@fontsource-variable/inter/wght.css"
import "./styles/tokens.css"
import "./styles/page.css"
import "./styles/panels.css"
import * as BrowserTokenProvider from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import * as Api from "@innerspace-metrics/core/Api"
import { isMetricsError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import { BUILDING_INSIGHTS, BUILDINGS, FLOORS } from "@innerspace-metrics/core/v2"
import { type Auth0Settings, auth0Client } from "./auth0Client.js"

/** The settings from the page's server: see `Settings.ts` of the other page. */
interface Settings {
  readonly urls: { readonly "v1.5": string }
  readonly auth0: Auth0Settings
}

const home = location.origin + location.pathname
const settings: Settings = await fetch("settings.json").then((answer) => answer.json())
const auth0 = auth0Client(settings.auth0, home)

const element = (id: string): HTMLElement => document.getElementById(id) ?? document.body

element("sign-in").addEventListener("click", () => auth0.loginWithRedirect())
element("sign-out").addEventListener("click", () =>
  auth0.logout({ logoutParams: { returnTo: home } })
)

try {
  if (new URLSearchParams(location.search).has("state")) {
    try {
      await auth0.handleRedirectCallback()
    } finally {
      history.replaceState(null, "", home)
    }
  } else await auth0.checkSession()
  if (await auth0.isAuthenticated()) await show()
  else {
    element("sign-in").hidden = false
    say("Sign in to see a building's last two weeks.")
  }
} catch (error) {
  say(isMetricsError(error) ? `${error.problem}. ${error.hint}.` : `Signing in failed: ${error}`)
}

async function show(): Promise<void> {
  element("sign-out").hidden = false
  const metrics = createMetricsClient({
    api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1_5, settings.urls["v1.5"])),
    token: BrowserTokenProvider.fromAuth0(auth0)
  })
  const { buildings, floors } = await metrics.queryAll({
    buildings: Query.from(BUILDINGS, {
      select: ["BUILDING_ID", "NAME", "CAPACITY", "TIME_ZONE"],
      orderBy: { BUILDING_ID: "asc" },
      limit: 1
    }),
    floors: Query.from(FLOORS, { select: ["FLOOR_ID"] })
  })
  const [building] = buildings
  if (building === undefined) return say("Your account does not have access to a building.")
  const days = await metrics.query(
    Query.from(BUILDING_INSIGHTS, {
      select: ["DATE_TIME_START", "OCCUPANCY_MAX"],
      where: {
        BUILDING_ID: building.BUILDING_ID,
        // We assume that the site that is not a floor represents the whole building.
        SITE_ID: { _nin: floors.map((floor) => floor.FLOOR_ID) },
        GROUP_ID: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
        GRANULARITY: "P1D"
      },
      orderBy: { DATE_TIME_START: "desc" },
      limit: 14
    })
  )
  const { BUILDING_ID, NAME, TIME_ZONE: zone } = building
  if (zone === null)
    return say("The API has no time zone for this building, so its days are not known.")
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: zone
  })
  const panel = element("days")
  panel.querySelector("h2")?.replaceChildren(`${NAME ?? BUILDING_ID}, ${zone}`)
  panel
    .querySelector("tbody")
    ?.append(
      ...days.map((day) =>
        row(
          format.format(day.DATE_TIME_START),
          day.OCCUPANCY_MAX === null ? "not measured" : String(day.OCCUPANCY_MAX),
          String(building.CAPACITY ?? "")
        )
      )
    )
  panel.hidden = false
  say(`${days.length} days, the newest first.`)
}

function row(name: string, ...cells: ReadonlyArray<string>): HTMLTableRowElement {
  const row = document.createElement("tr")
  const head = document.createElement("th")
  head.scope = "row"
  head.append(name)
  row.append(head)
  for (const text of cells) {
    const cell = row.insertCell()
    cell.className = "number"
    cell.append(text)
  }
  return row
}

function say(text: string): void {
  element("status").textContent = text
}
