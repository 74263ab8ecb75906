import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import type * as promise from "../../promise.js"
import * as NodeMetrics from "./NodeMetrics.js"

export const createMetricsClient: typeof promise.createMetricsClient = () =>
  PromiseClient.make(NodeMetrics.layerConfig())
