/**
 * A token source of your own. In this example a broker of the company issues tokens, so that only
 * one machine has the client secret. The library keeps the token, renews it in time, and gets
 * another token if the API rejects the first.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import {
  AccessToken,
  Api,
  MetricsClient,
  MetricsError,
  Query,
  QueryBuilder,
  TokenProvider
} from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const {
  INNERSPACE_BASE_URL,
  INNERSPACE_CLIENT_ID = "",
  INNERSPACE_CLIENT_SECRET = ""
} = process.env
const api =
  INNERSPACE_BASE_URL === undefined ? Api.v1 : Api.withBaseUrl(Api.v1, INNERSPACE_BASE_URL)

/**
 * This server stands for the company's broker. It has the secret, and passes on the response of the
 * token endpoint.
 */
const broker = createServer(async (_request, response) => {
  const answer = await fetch(`${api.baseUrl}${api.token.path}`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: INNERSPACE_CLIENT_ID,
      client_secret: INNERSPACE_CLIENT_SECRET
    })
  })
  console.log("the broker received a token request")
  response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text())
})
await new Promise<void>((resolve) => broker.listen(0, "localhost", resolve))
// The server listens on a port, so its address is an object and not a path.
const { port } = broker.address() as AddressInfo

const BrokerAnswer = Schema.Struct({
  access_token: Schema.Redacted(Schema.String),
  expires_in: Schema.optional(Schema.Number)
})

/**
 * Gets one token. Every failure becomes an `AuthError`. The library decides when to run this
 * effect.
 */
const askBroker = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient
  const { access_token, expires_in } = yield* client.get(`http://localhost:${port}/token`).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.flatMap(HttpClientResponse.schemaBodyJson(BrokerAnswer)),
    Effect.scoped,
    Effect.mapError(
      () =>
        new MetricsError.AuthError({
          reason: "Unavailable",
          problem: "The token broker returned no token",
          hint: "Check the log of the broker"
        })
    )
  )
  return yield* AccessToken.make({
    value: access_token,
    header: api.credential,
    ...(expires_in === undefined ? {} : { expiresIn: expires_in })
  })
})

const MetricsLive = MetricsClient.layer({ api }).pipe(
  Layer.provideMerge(TokenProvider.layer(askBroker)),
  Layer.provide([QueryBuilder.layer, UndiciHttpClient.layer])
)

const program = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  const tokens = yield* TokenProvider.TokenProvider
  const day = Query.from(building_metrics, {
    select: ["metric_value"],
    where: { building_id: 71 },
    limit: 1
  })
  // One token serves any number of calls.
  yield* Effect.all(
    Array.from({ length: 10 }, () => metrics.query(day)),
    { concurrency: "unbounded" }
  )
  // Tells the library that the API has rejected the token. The next call gets another token.
  yield* tokens.invalidate(yield* tokens.get)
  const rows = yield* metrics.query(day)
  console.log(`${rows.length} row, and the token prints as ${Redacted.make("secret")}`)
})

await program.pipe(Effect.provide(MetricsLive), Effect.runPromise)
broker.close()
