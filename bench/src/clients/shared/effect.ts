/** Effect's own `HttpClient` on any layer. */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Layer from "effect/Layer"
import type { Open } from "./client.js"
import { ask } from "./effectAsk.js"
import { effectSender } from "./effectSender.js"

export const openOn =
  (layer: Layer.Layer<HttpClient.HttpClient>): Open =>
  (url, use) =>
    effectSender((building) => ask(url, building), layer, use)
