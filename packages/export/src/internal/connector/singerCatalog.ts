/** The streams that a tap offers, and the streams that the catalogue selects. */
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as Effect from "effect/Effect"
import type { ExportError } from "../../ExportError.js"
import { keyNames, type TableDefinition } from "../dataset/definition.js"
import { invalid } from "./arguments.js"
import { commonSchemas, schemaOf, type TypeSchemas } from "./record.js"

const types: TypeSchemas = {
  ...commonSchemas,
  instant: { type: "string", format: "date-time" },
  // A decimal is text, because most readers of JSON round numbers.
  decimal: { type: "string", format: "singer.decimal" }
}

/** A table as a stream of the catalogue. */
export const streamOf = (table: TableDefinition) => {
  const keys = keyNames(table)
  return {
    tap_stream_id: table.name,
    stream: table.name,
    table_name: table.name,
    key_properties: keys,
    schema: schemaOf(table.columns, types),
    metadata: [
      {
        breadcrumb: [],
        metadata: {
          inclusion: "available",
          "selected-by-default": true,
          "table-key-properties": keys,
          "valid-replication-keys": [table.time],
          "replication-method": "INCREMENTAL",
          "replication-key": table.time
        }
      },
      ...table.columns.map(({ name }) => ({
        breadcrumb: ["properties", name],
        metadata: keys.includes(name)
          ? { inclusion: "automatic" }
          : { inclusion: "available", "selected-by-default": true }
      }))
    ]
  }
}

export interface Selected {
  readonly table: TableDefinition
  /** The columns to send, including the key columns. */
  readonly columns: ReadonlyArray<string>
  readonly isFullTable: boolean
}

const hint = "Pass the catalogue that --discover has sent, with the selected streams marked"

export const selectedStreams = (
  tables: ReadonlyArray<TableDefinition>,
  catalog: unknown
): Effect.Effect<ReadonlyArray<Selected>, ExportError> => {
  if (catalog === undefined) {
    return Effect.succeed(
      tables.map((table) => ({ table, columns: names(table), isFullTable: false }))
    )
  }
  const streams = isRecord(catalog) ? catalog["streams"] : undefined
  return Array.isArray(streams)
    ? Effect.map(
        Effect.forEach(streams, (stream: unknown) => selectedStream(tables, stream)),
        (selected) => selected.flat()
      )
    : Effect.fail(invalid("The catalogue has no list of streams", hint))
}

const names = ({ columns }: TableDefinition): ReadonlyArray<string> =>
  columns.map(({ name }) => name)

/** The selected stream as a list of one, or an empty list. */
const selectedStream = (
  tables: ReadonlyArray<TableDefinition>,
  stream: unknown
): Effect.Effect<ReadonlyArray<Selected>, ExportError> =>
  Effect.suspend(() => {
    if (!isRecord(stream)) return Effect.fail(invalid("A stream of the catalogue is empty", hint))
    const own = metadataOf(stream, [])
    if (!isSelected(own, false)) return Effect.succeed([])
    const id = stream["tap_stream_id"] ?? stream["stream"]
    const table = tables.find(({ name }) => name === id)
    if (table === undefined) {
      return Effect.fail(
        invalid(
          `The catalogue selects the stream ${JSON.stringify(id)}, which the configuration cannot read`,
          `Select some of ${tables.map(({ name }) => name).join(", ")}, or complete the configuration`
        )
      )
    }
    const keys = keyNames(table)
    return Effect.succeed([
      {
        table,
        columns: names(table).filter(
          (name) =>
            keys.includes(name) || isSelected(metadataOf(stream, ["properties", name]), true)
        ),
        isFullTable:
          (own["forced-replication-method"] ?? own["replication-method"]) === "FULL_TABLE"
      }
    ])
  })

type Metadata = { readonly [name: string]: unknown }

const metadataOf = (
  stream: { readonly [name: string]: unknown },
  breadcrumb: ReadonlyArray<string>
): Metadata => {
  const entries: ReadonlyArray<unknown> = Array.isArray(stream["metadata"])
    ? stream["metadata"]
    : []
  for (const entry of entries) {
    if (!isRecord(entry) || !isRecord(entry["metadata"])) continue
    if (JSON.stringify(entry["breadcrumb"]) === JSON.stringify(breadcrumb)) return entry["metadata"]
  }
  return {}
}

const isSelected = (metadata: Metadata, otherwise: boolean): boolean =>
  (metadata["selected"] ?? metadata["selected-by-default"] ?? otherwise) === true

export const schemaMessage = ({ columns, table }: Selected) => ({
  type: "SCHEMA",
  stream: table.name,
  schema: schemaOf(
    table.columns.filter(({ name }) => columns.includes(name)),
    types
  ),
  key_properties: keyNames(table),
  bookmark_properties: [table.time]
})

/** The states of the last run by stream. */
export const bookmarksOf = (
  state: unknown
): Effect.Effect<{ readonly [stream: string]: unknown }, ExportError> => {
  if (state === undefined || (isRecord(state) && Object.keys(state).length === 0)) {
    return Effect.succeed({})
  }
  return isRecord(state) && isRecord(state["bookmarks"])
    ? Effect.succeed(state["bookmarks"])
    : Effect.fail(
        invalid(
          "The state has no bookmarks",
          "Pass the value of the last STATE message of the last run, or no state to read all of it again"
        )
      )
}
