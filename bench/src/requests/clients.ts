/** The clients that are compared. Each one asks the vendor's documented query of another building at each request. */
import { ApolloClient, gql as apolloDocument, HttpLink, InMemoryCache } from "@apollo/client/core"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import { Client as UrqlClient, fetchExchange } from "@urql/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { GraphQLClient } from "graphql-request"
import * as undici from "undici"
import { document, group, variables } from "./answer.js"

/** Sends this many requests, so many at a time. */
export type Send = (count: number, concurrency: number) => Promise<void>

const authorization = "Bearer a-token-of-the-measurement"
const headers = { accept: "application/json", "content-type": "application/json", authorization }
const bodyFor = (building: number) =>
  JSON.stringify({ query: document, operationName: "weekly", variables: variables(building) })

/** A client that answers with promises. */
const sender =
  (ask: (building: number) => Promise<unknown>): Send =>
  async (count, concurrency) => {
    let next = 0
    const work = async () => {
      while (next < count) await ask(next++)
    }
    await Promise.all(Array.from({ length: concurrency }, work))
  }

/** A program of Effect, in one run. */
const effectSender =
  <E, R>(
    ask: (building: number) => Effect.Effect<unknown, E, R>,
    layer: Layer.Layer<R, unknown>
  ): Send => {
    return (count, concurrency) =>
      Effect.runPromise(
        Effect.forEach(
          { [Symbol.iterator]: () => numbers(count) },
          ask,
          { concurrency, discard: true }
        ).pipe(Effect.provide(layer))
      )
  }

function* numbers(count: number): Generator<number> {
  for (let number = 0; number < count; number++) yield number
}

const weekly = (building: number) =>
  Query.from(building_features, {
    select: ["feature_value", "date_time_start"],
    where: {
      building_id: building,
      feature_name: "weekly_frequency_dist",
      granularity: "P1W",
      group_id: group,
      date_time_start: TimeRange.week("2024-W01", "America/Chicago")
    }
  })

const options = (url: string) => ({
  clientId: "measurement",
  clientSecret: Redacted.make("measurement"),
  api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, url))
})

const ours = (url: string): Send =>
  effectSender(
    (building) => Effect.flatMap(MetricsClient.MetricsClient, (client) => client.query(weekly(building))),
    NodeMetrics.layer(options(url))
  )

const Rows = Schema.Struct({
  data: Schema.Struct({
    building_features: Schema.Array(
      Schema.Struct({ feature_value: Schema.Unknown, date_time_start: Schema.DateTimeUtc })
    )
  })
})

const ofPlatform = (url: string, layer: Layer.Layer<HttpClient.HttpClient>): Send =>
  effectSender(
    (building) =>
      HttpClientRequest.post(url, { headers }).pipe(
        HttpClientRequest.bodyText(bodyFor(building), "application/json"),
        HttpClient.execute,
        Effect.flatMap(HttpClientResponse.schemaBodyJson(Rows)),
        Effect.scoped
      ),
    layer
  )

export const clients: { readonly [name: string]: (url: string) => Send } = {
  "undici.request and JSON.parse": (url) =>
    sender(async (building) => {
      const answer = await undici.request(url, { method: "POST", headers, body: bodyFor(building) })
      return answer.body.json()
    }),
  "global fetch": (url) =>
    sender(async (building) => {
      const answer = await fetch(url, { method: "POST", headers, body: bodyFor(building) })
      return answer.json()
    }),
  "graphql-request": (url) => {
    const client = new GraphQLClient(url, { headers: { authorization } })
    return sender((building) => client.request(document, variables(building)))
  },
  "@urql/core": (url) => {
    const client = new UrqlClient({
      url,
      exchanges: [fetchExchange],
      preferGetMethod: false,
      requestPolicy: "network-only",
      fetchOptions: { headers: { authorization } }
    })
    return sender((building) => client.query(document, variables(building)).toPromise())
  },
  "@apollo/client": (url) => {
    const client = new ApolloClient({
      link: new HttpLink({ uri: url, headers: { authorization } }),
      cache: new InMemoryCache()
    })
    const query = apolloDocument(document)
    return sender((building) =>
      client.query({ query, variables: variables(building), fetchPolicy: "no-cache" })
    )
  },
  "Effect HttpClient on fetch": (url) => ofPlatform(url, FetchHttpClient.layer),
  "Effect HttpClient on undici": (url) => ofPlatform(url, NodeHttpClient.layerUndici),
  "innerspace-metrics, spans on": ours,
  "innerspace-metrics": (url) => {
    const send = ours(url)
    return send
  },
  "innerspace-metrics, promises": (url) => {
    const client = createMetricsClient({ ...options(url), clientSecret: "measurement" })
    return sender((building) => client.query(weekly(building)))
  }
}
