import * as Api from "@innerspace-metrics/core/Api"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { type Open, sender } from "./shared/client.js"
import { queries } from "./shared/oursQueries.js"

export const open: Open = (url, use) => {
  const queryFor = queries(use)
  const client = createMetricsClient({
    clientId: "measurement",
    clientSecret: "measurement",
    api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, url))
  })
  return sender((building) => client.query(queryFor(building)))
}
