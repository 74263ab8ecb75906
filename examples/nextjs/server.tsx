/**
 * The route and the page's HTML, for main.ts. Next.js makes the route and the HTML from `app` by
 * itself.
 */
import { renderToString } from "react-dom/server"
import { Occupancy } from "./app/occupancy/Occupancy"
import { prefetch } from "./app/occupancy/prefetch"

export { GET } from "./app/api/occupancy/route"

export const page = async (): Promise<string> => {
  const state = await prefetch("2024-03")
  const html = renderToString(<Occupancy state={state} />)
  const json = JSON.stringify(state).replaceAll("<", "\\u003c")
  return `<!doctype html><html lang="en"><title>Occupancy</title>
<link rel="icon" href="data:,">
<div id="root">${html}</div>
<script id="state" type="application/json">${json}</script>
<script type="module" src="/hydrate.js"></script></html>`
}
