// Runs the checks in a page, with the client of the browser adapter. The page gets its settings
// from the server that served it, and sends the results to that server.

import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import { runChecks } from "../checks/index.mjs"

const report = (path, value) =>
  fetch(path, { method: "POST", body: JSON.stringify(value, null, 2) })

/** A token of the sandbox. In an app, the server would send such a token to the page. */
const tokenOf = async ({ clientId, clientSecret, urls }, api) => {
  const path = api === "v2" ? "/v2/oauth/token" : "/api/rest/oauth/token"
  const response = await fetch(urls[api] + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      audience: "https://global-config.innerspace.io"
    })
  })
  const answer = await response.json()
  return answer.access_token ?? answer.oauth_token?.access_token ?? answer.session_id
}

const source = BrowserTokenProvider.fromCallback

const host = {
  kind: "page",
  about: () => ({ version: navigator.userAgent }),
  source,
  client: (settings, { api = "v1", ...options }) =>
    createMetricsClient({
      token: source(() => tokenOf(settings, api)),
      api,
      baseUrl: settings.urls[api],
      ...options
    })
}

try {
  const settings = await (await fetch("/settings")).json()
  await report("/results", await runChecks({ host, settings }))
} catch (error) {
  await report("/results", { error: String(error?.stack ?? error) })
}
document.title = "done"
