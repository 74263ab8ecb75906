// A program that Deno runs with fewer permissions. It prints the error of a call, or its rows.
//
//   permissions.mjs SETTINGS DIRECTORY
//
// Without settings, the credentials come from the environment.

import process from "node:process"
import { RetryPolicy } from "@innerspace-metrics/core"
import { FileTokenStore } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { oneDay } from "../checks/queries.mjs"

const [settings, directory] = process.argv.slice(2)
const { clientId, clientSecret, urls } = JSON.parse(settings)
const metrics = createMetricsClient({
  ...(clientId === undefined ? {} : { clientId, clientSecret, baseUrl: urls.v1, api: "v1" }),
  ...(directory === undefined ? {} : { tokenStore: FileTokenStore.make({ directory }) }),
  retry: RetryPolicy.none,
  token: { retry: RetryPolicy.none }
})
try {
  console.log(`rows ${(await metrics.query(oneDay)).length}`)
} catch (error) {
  console.log(`${error._tag} ${error.reason} ${error.message}`)
}
process.exit(0)
