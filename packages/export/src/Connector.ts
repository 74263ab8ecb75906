/**
 * The types that the two connectors share: the Airbyte source and the Singer tap. The types say how
 * a connector reaches the API and where it sends messages.
 */
import type * as Api from "@innerspace-metrics/core/Api"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as Table from "@innerspace-metrics/core/Table"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { ExportError } from "./ExportError.js"

/** The credentials and the address of a configuration. `NodeMetrics.layer` accepts this object. */
export interface Login {
  readonly api: Api.Api
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
}

/** What a connector needs from the program that runs it. */
export interface Options {
  /** Creates the layer of the client, such as `NodeMetrics.layer`. */
  readonly connect: (login: Login) => Layer.Layer<MetricsClient.MetricsClient, ConfigurationError>
  /**
   * Receives one or more whole lines, each with its line feed. The connector waits for the effect
   * before it writes the next lines, so a slow consumer slows the connector down. If the effect
   * fails, the connector stops.
   */
  readonly write: (lines: string) => Effect.Effect<void, ExportError>
  /** The tables to offer. Default: the tables in the catalogue of the configured API. */
  readonly tables?: ReadonlyArray<Table.Any>
}

/**
 * How a connector ended, as the exit code of its process: 0 if everything was sent, 1 if something
 * failed. The messages of the connector describe the failures.
 */
export type ExitCode = 0 | 1
