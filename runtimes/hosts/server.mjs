// The host of the checks on a backend, with the promise client of the Node adapter.

import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

export const serverHost = (about) => ({
  kind: "server",
  about,
  client: ({ clientId, clientSecret, urls }, { api = "v1", ...options }) =>
    createMetricsClient({ clientId, clientSecret, api, baseUrl: urls[api], ...options })
})
