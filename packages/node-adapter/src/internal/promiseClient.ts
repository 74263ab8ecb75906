/** How the promise client runs its calls in Node: all calls use one layer. */
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import type * as Layer from "effect/Layer"

export const makeClient = <Options, E>(
  options: Options,
  layerOf: (options: Options) => Layer.Layer<MetricsClient, E>
): PromiseClient.PromiseMetricsClient => PromiseClient.make(layerOf(options))
