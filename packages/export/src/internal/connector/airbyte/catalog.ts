/** The streams that a source offers, and the streams that the configured catalogue selects. */
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as Effect from "effect/Effect"
import type { ExportError } from "../../../ExportError.js"
import { keyNames, type TableDefinition } from "../../dataset/definition.js"
import { invalid } from "../arguments.js"
import { commonSchemas, schemaOf, type TypeSchemas } from "../record.js"
import * as State from "../state.js"

const types: TypeSchemas = {
  ...commonSchemas,
  instant: { type: "string", format: "date-time", airbyte_type: "timestamp_with_timezone" },
  // A decimal is text, because most readers of JSON round numbers.
  decimal: { type: "string", airbyte_type: "big_number" }
}

/** A table as a stream of the catalogue. */
export const streamOf = (table: TableDefinition) => ({
  name: table.name,
  json_schema: schemaOf(table.columns, types),
  supported_sync_modes: ["full_refresh", "incremental"],
  source_defined_cursor: true,
  default_cursor_field: [table.time],
  source_defined_primary_key: keyNames(table).map((name) => [name]),
  is_resumable: true
})

/** A stream of the configured catalogue. */
export interface Selected {
  readonly table: TableDefinition
  /** The columns to send, including the key columns. */
  readonly columns: ReadonlyArray<string>
  readonly isFullRefresh: boolean
  /** Whether the destination keeps both copies of a row that is sent twice. */
  readonly isAppended: boolean
  readonly syncId: number | undefined
}

const hint =
  "Pass a configured catalogue: the streams that discover has sent, with their sync modes"

export const selectedStreams = (
  tables: ReadonlyArray<TableDefinition>,
  catalog: unknown
): Effect.Effect<ReadonlyArray<Selected>, ExportError> => {
  const streams = isRecord(catalog) ? catalog["streams"] : undefined
  return Array.isArray(streams)
    ? Effect.forEach(streams, (stream: unknown) => selectedStream(tables, stream))
    : Effect.fail(invalid("The catalogue has no list of streams", hint))
}

const selectedStream = (
  tables: ReadonlyArray<TableDefinition>,
  configured: unknown
): Effect.Effect<Selected, ExportError> =>
  Effect.suspend(() => {
    const stream = isRecord(configured) ? configured["stream"] : undefined
    if (!isRecord(configured) || !isRecord(stream)) {
      return Effect.fail(invalid("A stream of the catalogue has no field stream", hint))
    }
    const { destination_sync_mode, sync_id, sync_mode } = configured
    const name = stream["name"]
    const table = tables.find((table) => table.name === name)
    if (table === undefined) {
      return Effect.fail(
        invalid(
          `The catalogue has the stream ${JSON.stringify(name)}, which the configuration cannot read`,
          `Select some of ${tables.map(({ name }) => name).join(", ")}, or complete the configuration`
        )
      )
    }
    if (sync_mode !== "full_refresh" && sync_mode !== "incremental") {
      return Effect.fail(
        invalid(`The sync mode of ${table.name} is ${JSON.stringify(sync_mode)}`, hint)
      )
    }
    const schema = stream["json_schema"]
    const wanted = isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {}
    const keys = keyNames(table)
    return Effect.succeed({
      table,
      columns: table.columns
        .map(({ name }) => name)
        .filter((name) => keys.includes(name) || Object.hasOwn(wanted, name)),
      isFullRefresh: sync_mode === "full_refresh",
      isAppended: destination_sync_mode === "append",
      syncId: typeof sync_id === "number" ? sync_id : undefined
    })
  })

/** The states of the last run by stream. */
export const statesOf = (
  state: unknown
): Effect.Effect<ReadonlyMap<string, unknown>, ExportError> => {
  // Platforms pass an empty file before the first run.
  if (state === undefined || (isRecord(state) && Object.keys(state).length === 0)) {
    return Effect.succeed(new Map())
  }
  const hint = "Pass the list of STATE messages of the last run, or reset the connection"
  return Array.isArray(state)
    ? Effect.map(
        Effect.forEach(state, (message: unknown) => {
          const stream = isRecord(message) ? message["stream"] : undefined
          const descriptor = isRecord(stream) ? stream["stream_descriptor"] : undefined
          const name = isRecord(descriptor) ? descriptor["name"] : undefined
          return isRecord(stream) && typeof name === "string"
            ? Effect.succeed([name, stream["stream_state"]] as const)
            : Effect.fail(invalid("A state is not that of a stream", hint))
        }),
        (entries) => new Map(entries)
      )
    : Effect.fail(invalid("The state is not a list of states of streams", hint))
}

/** The state that a stream begins with. */
export const beginning = (
  { columns, isFullRefresh, syncId, table }: Selected,
  given: unknown
): Effect.Effect<State.StreamState, ExportError> =>
  Effect.map(
    given === undefined || given === null || (isRecord(given) && Object.keys(given).length === 0)
      ? Effect.succeed(undefined)
      : isFullRefresh
        ? // A full refresh ignores the state, unless this run repeats an attempt that failed. The
          // destination then already has the rows of the failed attempt.
          Effect.map(Effect.option(State.decode(table.name, given)), (found) =>
            found._tag === "Some" && syncId !== undefined && found.value.sync_id === syncId
              ? found.value
              : undefined
          )
        : State.decode(table.name, given),
    (state) => State.begin(table, columns, state, syncId)
  )
