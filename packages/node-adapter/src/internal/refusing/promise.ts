import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import type * as promise from "../../promise.js"
import * as NodeMetrics from "./NodeMetrics.js"
import { refusal } from "./refusal.js"

export const createMetricsClient: typeof promise.createMetricsClient = () =>
  PromiseClient.make(NodeMetrics.layerConfig())

export const createWebSessions: typeof promise.createWebSessions = () => {
  const refused = () => Promise.reject(refusal())
  const close = () => Promise.resolve()
  return {
    handle: refused,
    handler: (_request, _response, next) => next(refusal()),
    session: refused,
    close,
    [Symbol.asyncDispose]: close
  }
}
