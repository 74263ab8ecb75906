/**
 * Clients that merge concurrent queries. The clients in the folder `clients` send each query alone.
 */
import { ApolloClient, gql, InMemoryCache } from "@apollo/client/core"
import { BatchHttpLink } from "@apollo/client/link/batch-http"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { GraphQLClient } from "graphql-request"
import { authorization } from "../clients/shared/client.js"
import { weekly } from "../clients/shared/oursQueries.js"
import { document, selection, variables } from "../clients/shared/weekly.js"
import { genqlClient } from "../measurement/genqlClient.js"

/** Gets the rows of all these buildings. */
type Board = (buildings: ReadonlyArray<number>) => Promise<unknown>

const ours = (
  url: string,
  ask: (
    client: MetricsClient.MetricsClient,
    buildings: ReadonlyArray<number>
  ) => Effect.Effect<unknown, unknown>
): Board => {
  const runtime = ManagedRuntime.make(
    NodeMetrics.layer({
      clientId: "measurement",
      clientSecret: Redacted.make("measurement"),
      api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, url))
    })
  )
  return (buildings) =>
    runtime.runPromise(
      Effect.flatMap(MetricsClient.MetricsClient, (client) => ask(client, buildings))
    )
}

export const boards: { readonly [name: string]: (url: string) => Board | Promise<Board> } = {
  batching: (url) =>
    ours(url, (client, buildings) =>
      Effect.forEach(buildings, (building) => client.query(weekly(building)), {
        batching: true,
        concurrency: "unbounded"
      })
    ),
  queryAll: (url) =>
    ours(url, (client, buildings) =>
      client.queryAll(
        Object.fromEntries(buildings.map((building) => [`of${building}`, weekly(building)]))
      )
    ),
  batchRequests: (url) => {
    const client = new GraphQLClient(url, { headers: { authorization } })
    return (buildings) =>
      client.batchRequests(
        buildings.map((building) => ({ document, variables: variables(building) }))
      )
  },
  BatchHttpLink: (url) => {
    const client = new ApolloClient({
      link: new BatchHttpLink({ uri: url, headers: { authorization } }),
      cache: new InMemoryCache()
    })
    const query = gql(document)
    return (buildings) =>
      Promise.all(
        buildings.map((building) =>
          client.query({ query, variables: variables(building), fetchPolicy: "no-cache" })
        )
      )
  },
  genqlBatch: async (url) => {
    const { createClient } = await genqlClient()
    const client = createClient({ url, headers: { authorization }, batch: true })
    return (buildings) =>
      Promise.all(buildings.map((building) => client.query(selection(building))))
  }
}
