/**
 * The faces of the matrix. A face is a way in which an app uses the library, such as the promise
 * client.
 */
import { isUtf8 } from "node:buffer"
import * as BrowserMetrics from "@innerspace-metrics/browser-adapter/BrowserMetrics"
import * as BrowserTokenProvider from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import type * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as undici from "undici"
import type { Address } from "../messages.js"
import * as Operations from "./operations.js"
import { maxBodySize } from "./settings.js"

/** The settings of a client of the matrix. */
export interface Settings {
  readonly address: Address
  readonly retry: RetryPolicy.RetryPolicy
  /** The time limit of one attempt of a call. */
  readonly timeout: Duration.Duration
  /** The time limit of one attempt to get a token. */
  readonly tokenTimeout: Duration.Duration
}

export interface Face {
  readonly name: string
  readonly platform: "node" | "browser"
  /** Opens a client until the scope closes. After that, no resource of the client may remain. */
  readonly open: (settings: Settings) => Effect.Effect<Operations.Run, unknown, Scope.Scope>
}

const clientOptions = ({ address, retry, timeout }: Settings) => ({
  api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, address.urls.v1)),
  retry,
  timeout,
  maxBodySize
})

const nodeOptions = (settings: Settings) => ({
  ...clientOptions(settings),
  clientId: settings.address.clientId,
  token: { retry: settings.retry, timeout: settings.tokenTimeout }
})

const browserOptions = (settings: Settings) => ({
  ...clientOptions(settings),
  token: BrowserTokenProvider.fromCallback(() => askForToken(settings.address), {
    retry: settings.retry,
    timeout: settings.tokenTimeout
  })
})

/**
 * The app's own function to get a token. It uses the sandbox's token endpoint instead of a sign-in.
 * If there is no response, the function fails with a `TypeError` of `fetch`.
 */
const askForToken = ({ clientId, clientSecret, urls }: Address) =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(`${urls.v1}${Api.v1.token.path}`, {
        method: "POST",
        body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }),
        redirect: "manual",
        signal
      })
      const body = new Uint8Array(await response.arrayBuffer())
      if (!response.ok) throw new Error(`The sign-in responded with status ${response.status}`)
      if (!isUtf8(body)) throw new Error("The sign-in's response is not UTF-8")
      const answer: unknown = JSON.parse(new TextDecoder().decode(body))
      const token = Object(answer)["access_token"]
      return typeof token === "string" ? token : undefined
    },
    catch: (thrown) => thrown
  })

/**
 * Replaces a browser's `fetch` with the `fetch` of undici, which is the same on every version of
 * Node. Node 22's own `fetch` waits forever for the end of some bodies whose encoding is wrong. In
 * a browser, the connections belong to the browser. Here they exist as long as a client is open and
 * a request is in flight.
 */
const ownFetch = Effect.acquireRelease(
  Effect.sync(() => {
    const { fetch } = globalThis
    const dispatcher = undici.getGlobalDispatcher()
    const agent = new undici.Agent()
    Object.assign(globalThis, { fetch: undici.fetch })
    undici.setGlobalDispatcher(agent)
    return { agent, dispatcher, fetch }
  }),
  ({ agent, dispatcher, fetch }) =>
    Effect.promise(() => {
      Object.assign(globalThis, { fetch })
      undici.setGlobalDispatcher(dispatcher)
      return agent.close()
    })
)

const ofLayer = <E, R>(layer: Layer.Layer<MetricsClient.MetricsClient | R, E>) =>
  Effect.map(Layer.build(layer), (context) =>
    Operations.ofClient(Context.get(context, MetricsClient.MetricsClient))
  )

const ofPromises = (create: () => PromiseMetricsClient) =>
  Effect.map(
    Effect.acquireRelease(Effect.sync(create), (metrics) => Effect.promise(() => metrics.close())),
    Operations.ofPromiseClient
  )

export const faces: ReadonlyArray<Face> = [
  {
    name: "Node",
    platform: "node",
    open: (settings) =>
      ofLayer(
        NodeMetrics.layer({
          ...nodeOptions(settings),
          clientSecret: Redacted.make(settings.address.clientSecret)
        })
      )
  },
  {
    name: "Node, promises",
    platform: "node",
    open: (settings) =>
      ofPromises(() =>
        createMetricsClient({
          ...nodeOptions(settings),
          clientSecret: settings.address.clientSecret
        })
      )
  },
  {
    name: "browser",
    platform: "browser",
    open: (settings) =>
      Effect.zipRight(ownFetch, ofLayer(BrowserMetrics.layer(browserOptions(settings))))
  }
]
