/** Runs connectors with the sandbox, and reads their lines as a consumer does. */

import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import type { Connector, ExportError } from "@innerspace-metrics/export"
import { NodeMetrics } from "@innerspace-metrics/node-adapter"
import { Sandbox } from "@innerspace-metrics/sandbox"
import { Ajv } from "ajv"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { everyone, zone } from "../dataset.js"

/** The content of a configuration file for building 71 of the sandbox. */
export const configOf = (
  { clientId, clientSecret, urls }: Sandbox.Service,
  more: Readonly<Record<string, unknown>> = {}
) => ({
  api: "v1",
  client_id: clientId,
  client_secret: Redacted.value(clientSecret),
  base_url: urls.v1,
  buildings: [71],
  granularities: ["PT1H"],
  metrics: ["occupancy_mean"],
  groups: [everyone],
  zones: [71301, 71304],
  start_date: "2024-02-20",
  zone,
  ...more
})

export const config = (more: Readonly<Record<string, unknown>> = {}) =>
  Effect.map(Sandbox.Sandbox, (sandbox) => configOf(sandbox, more))

// biome-ignore lint/suspicious/noExplicitAny: JSON that the schema has checked.
export type Message = any

export interface Ran {
  readonly exitCode: number
  readonly lines: ReadonlyArray<string>
  readonly messages: ReadonlyArray<Message>
}

/** Runs a connector and collects its lines. */
export const collect = (
  run: (options: Connector.Options) => Effect.Effect<Connector.ExitCode, ExportError.ExportError>
): Effect.Effect<Ran, ExportError.ExportError> =>
  Effect.gen(function* () {
    let text = ""
    const exitCode = yield* run({
      connect: (login) =>
        NodeMetrics.layer({ ...login, retry: RetryPolicy.make({ attempts: 3, baseDelay: 0 }) }),
      write: (lines) =>
        Effect.sync(() => {
          text += lines
        })
    })
    return ranOf(exitCode, text)
  })

export const ranOf = (exitCode: number, text: string): Ran => {
  const lines = text.split("\n")
  if (lines.pop() !== "") throw new Error("The last line has no end")
  return { exitCode, lines, messages: lines.map((line) => JSON.parse(line)) }
}

export const validator = (schema: object): ((value: unknown) => void) => {
  const validate = new Ajv({
    discriminator: true,
    allowUnionTypes: true,
    strict: false,
    validateFormats: false
  }).compile(schema)
  return (value) => {
    if (!validate(value)) {
      throw new Error(`${JSON.stringify(validate.errors)} in ${JSON.stringify(value)}`)
    }
  }
}

/**
 * Tables in which a row replaces an older row with the same key, as in a destination that upserts.
 */
export class Destination {
  readonly #tables = new Map<string, Map<string, Message>>()

  upsert(table: string, key: ReadonlyArray<string>, row: Message): void {
    const rows = this.#tables.get(table) ?? new Map<string, Message>()
    this.#tables.set(table, rows)
    rows.set(JSON.stringify(key.map((column) => row[column])), row)
  }

  /** The rows in the form of `inApi`. */
  get rows(): ReadonlyArray<string> {
    return [...this.#tables]
      .flatMap(([, rows]) =>
        [...rows.values()].map((row) =>
          JSON.stringify([
            "building_id" in row ? "building" : "zone",
            row.building_id ?? row.zone_id,
            row.metric_name,
            Date.parse(row.date_time_start),
            row.metric_value
          ])
        )
      )
      .sort()
  }
}
