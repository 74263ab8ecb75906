/**
 * JSON Schema of the messages and the catalogue of Singer (version 0.3.0), written from its public
 * specification. The protocol has no published schema of its own.
 */
const names = { type: "array", items: { type: "string" } }

const object = (
  required: ReadonlyArray<string>,
  properties: Readonly<Record<string, unknown>>
): object => ({ type: "object", additionalProperties: false, required, properties })

const schema = { type: "object", required: ["type", "properties"] }

export const singerMessage = {
  type: "object",
  required: ["type"],
  discriminator: { propertyName: "type" },
  oneOf: [
    object(["type", "stream", "schema", "key_properties"], {
      type: { const: "SCHEMA" },
      stream: { type: "string" },
      schema,
      key_properties: names,
      bookmark_properties: names
    }),
    object(["type", "stream", "record"], {
      type: { const: "RECORD" },
      stream: { type: "string" },
      record: { type: "object" },
      time_extracted: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$" }
    }),
    object(["type", "value"], { type: { const: "STATE" }, value: { type: "object" } })
  ]
}

export const singerCatalog = object(["streams"], {
  streams: {
    type: "array",
    items: object(["tap_stream_id", "stream", "schema"], {
      tap_stream_id: { type: "string" },
      stream: { type: "string" },
      table_name: { type: "string" },
      key_properties: names,
      schema,
      metadata: {
        type: "array",
        items: object(["breadcrumb", "metadata"], {
          breadcrumb: names,
          metadata: { type: "object" }
        })
      }
    })
  }
})
