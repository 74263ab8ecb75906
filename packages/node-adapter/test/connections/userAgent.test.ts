/**
 * Tests that requests have a user agent, because some firewalls reject requests without a user
 * agent.
 */
import { createRequire } from "node:module"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { NodeMetrics, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { documented } from "../support/client.js"
import { listen } from "../support/servers/httpServer.js"

const { version }: { readonly version: string } = createRequire(import.meta.url)(
  "../../package.json"
)

/** The version is in the code and in package.json. `tools/release/steps.mjs` keeps both equal. */
const expected = `innerspace-metrics/${version} node/${process.versions.node}`

/** A server that records the user agent of each request. */
const recording = Effect.gen(function* () {
  const seen: Array<readonly [path: string | undefined, agent: string | undefined]> = []
  const { url } = yield* listen((request, response) => {
    seen.push([request.url, request.headers["user-agent"]])
    response.end('{"access_token":"token","data":{"data":[]}}')
  })
  return { seen, url }
})

it.scoped("logins and queries send this package's version and Node's as user agent", () =>
  Effect.gen(function* () {
    const { seen, url } = yield* recording
    const context = yield* Layer.build(
      NodeMetrics.layer({
        clientId: "somebody",
        clientSecret: Redacted.make("secret"),
        api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, url))
      })
    )
    yield* Context.get(context, MetricsClient.MetricsClient).query(documented)
    assert.deepStrictEqual(seen, [
      ["/api/rest/oauth/token", expected],
      ["/", expected]
    ])
  })
)

it.scoped("an app's own requests over the HttpClient send it too, unless they set another", () =>
  Effect.gen(function* () {
    const { seen, url } = yield* recording
    const client = Context.get(yield* Layer.build(UndiciHttpClient.layer), HttpClient.HttpClient)
    const request = HttpClientRequest.get(`${url}/path`)
    yield* Effect.scoped(client.execute(request))
    yield* Effect.scoped(
      client.execute(HttpClientRequest.setHeader(request, "User-Agent", "app/1"))
    )
    assert.deepStrictEqual(seen, [
      ["/path", expected],
      ["/path", "app/1"]
    ])
  })
)
