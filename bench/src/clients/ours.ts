/** The measured client, with its login, decoding, retries and deadline, in one runtime. */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Open } from "./shared/client.js"
import { effectSender } from "./shared/effectSender.js"
import { queries } from "./shared/oursQueries.js"

export const open: Open = (url, use) => {
  const queryFor = queries(use)
  return effectSender(
    (building) =>
      Effect.flatMap(MetricsClient.MetricsClient, (client) => client.query(queryFor(building))),
    NodeMetrics.layer({
      clientId: "measurement",
      clientSecret: Redacted.make("measurement"),
      api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, url))
    }),
    use
  )
}
