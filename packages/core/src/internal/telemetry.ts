/** Counters. Without a metrics exporter they cost an addition each. */
import * as Metric from "effect/Metric"

export const tokenRequests = Metric.counter("innerspace.client.token.requests", {
  description: "Attempts to get an access token",
  incremental: true
})

export const retries = Metric.counter("innerspace.client.retries", {
  description: "Attempts after the first of a call",
  incremental: true
})

export const replays = Metric.counter("innerspace.client.replays", {
  description: "Requests sent again with a new token after the API refused the old one",
  incremental: true
})
