/** Tests the headers that an app's own HTTP client can print. */
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import { NodeTokenProvider, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { atOnce, documented } from "../support/client.js"
import { logged } from "../support/printed.js"
import { listen } from "../support/servers/httpServer.js"

const token = "canary-token-canary"

/** A server that echoes the token under many names, and also sends cookies and addresses. */
const server = listen((request, response) => {
  for (const name of ["set-cookie", "location", "www-authenticate", "x-auth-token", "x-amz-meta"]) {
    response.setHeader(name, token)
  }
  response.setHeader("content-type", "application/json")
  response.end(
    JSON.stringify(
      request.url?.endsWith("/token")
        ? { access_token: token }
        : { data: { data: [{ feature_value: 1, date_time_start: "2024-01-01T06:00:00+00:00" }] } }
    )
  )
})

/**
 * Prints headers as the spans and loggers of Effect's platform do, without the headers that are
 * redacted.
 */
const print = (what: string, headers: Headers.Headers) =>
  Effect.flatMap(FiberRef.get(Headers.currentRedactedNames), (names) =>
    Effect.logInfo(what, Headers.redact(headers, names), headers)
  )

const Printing = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(HttpClient.HttpClient, (client) =>
    client.pipe(
      HttpClient.tapRequest((request) => print("request", request.headers)),
      HttpClient.transformResponse(Effect.tap((response) => print("response", response.headers)))
    )
  )
).pipe(Layer.provide(UndiciHttpClient.layer))

for (const name of ["authorization", "x-session-id", "x-anything", "x-request-id", "accept"]) {
  it.scoped(`a credential in ${name} and the headers of a server cannot be printed`, () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const api = {
        ...Api.withBaseUrl(Api.v1, url),
        credential: { name }
      }
      const { exit, lines } = yield* logged(() =>
        Effect.scoped(
          Effect.flatMap(
            Layer.build(
              MetricsClient.layer({ api, retry: atOnce(1) }).pipe(
                Layer.provide([
                  QueryBuilder.layer,
                  NodeTokenProvider.layer({
                    api,
                    clientId: "somebody",
                    clientSecret: Redacted.make("canary-secret")
                  })
                ]),
                Layer.provide(Printing)
              )
            ),
            (context) => Context.get(context, MetricsClient.MetricsClient).query(documented)
          )
        )
      )
      yield* exit
      assert.isTrue(lines.some((line) => line.includes("application/json")))
      assert.isTrue(lines.some((line) => line.includes("response")))
      for (const line of lines) {
        for (const form of [token, btoa(token), encodeURIComponent(token)]) {
          assert.notInclude(line, form)
        }
      }
    })
  )
}
