/**
 * What an Airbyte source and a Singer tap have in common: how they reach the API, and where their
 * messages go.
 */
import type * as Api from "@innerspace-metrics/core/Api"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as Table from "@innerspace-metrics/core/Table"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { ExportError } from "./ExportError.js"

/** The credentials and the address of a configuration. `NodeMetrics.layer` accepts it. */
export interface Login {
  readonly api: Api.Api
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
}

/** What a connector needs of the program that runs it. */
export interface Options {
  /** Makes the client, such as `NodeMetrics.layer`. */
  readonly connect: (login: Login) => Layer.Layer<MetricsClient.MetricsClient, ConfigurationError>
  /**
   * Takes one or more whole lines, each with its line feed. The next lines wait for it, so a slow
   * consumer slows the connector down. If it fails, the connector stops.
   */
  readonly write: (lines: string) => Effect.Effect<void, ExportError>
  /** The tables to offer. Default: those of the catalogue of the configured API. */
  readonly tables?: ReadonlyArray<Table.Any>
}

/**
 * How a connector ended: the exit code of its process. 0 if all of it was sent, 1 if something
 * failed. What failed is in its messages.
 */
export type ExitCode = 0 | 1
