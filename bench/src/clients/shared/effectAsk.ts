/** One request of Effect's own `HttpClient`, with the Schema of the response. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { headers } from "./client.js"
import { bodyFor } from "./weekly.js"

const Rows = Schema.Struct({
  data: Schema.Struct({
    building_features: Schema.Array(
      Schema.Struct({ feature_value: Schema.Unknown, date_time_start: Schema.DateTimeUtc })
    )
  })
})

export const ask = (url: string, building: number) =>
  HttpClientRequest.post(url, { headers }).pipe(
    HttpClientRequest.bodyText(bodyFor(building), "application/json"),
    HttpClient.execute,
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Rows)),
    Effect.scoped
  )
