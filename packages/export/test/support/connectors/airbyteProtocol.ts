/**
 * JSON Schema of the messages of the Airbyte protocol (version 0.3.2), written from its public
 * description: the fields that a source sends, their types, and which fields are required. A field
 * that the protocol does not have is rejected, although the protocol itself would ignore it.
 */
const text = { type: "string" }
const names = { type: "array", items: text }

const object = (
  required: ReadonlyArray<string>,
  properties: Readonly<Record<string, unknown>>
): object => ({ type: "object", additionalProperties: false, required, properties })

const descriptor = object(["name"], { name: text, namespace: text })

const stream = object(["name", "json_schema", "supported_sync_modes"], {
  name: text,
  namespace: text,
  json_schema: { type: "object", required: ["type", "properties"] },
  supported_sync_modes: {
    type: "array",
    minItems: 1,
    items: { enum: ["full_refresh", "incremental"] }
  },
  source_defined_cursor: { type: "boolean" },
  default_cursor_field: names,
  source_defined_primary_key: { type: "array", items: names },
  is_resumable: { type: "boolean" },
  is_file_based: { type: "boolean" }
})

const bodies = {
  SPEC: [
    "spec",
    object(["connectionSpecification"], {
      connectionSpecification: { type: "object", required: ["type", "properties"] },
      documentationUrl: { type: "string" },
      changelogUrl: { type: "string" },
      protocol_version: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+$" },
      supportsIncremental: { type: "boolean" }
    })
  ],
  CONNECTION_STATUS: [
    "connectionStatus",
    object(["status"], { status: { enum: ["SUCCEEDED", "FAILED"] }, message: text })
  ],
  CATALOG: ["catalog", object(["streams"], { streams: { type: "array", items: stream } })],
  RECORD: [
    "record",
    object(["stream", "data", "emitted_at"], {
      stream: text,
      namespace: text,
      data: { type: "object" },
      emitted_at: { type: "integer" }
    })
  ],
  STATE: [
    "state",
    object(["type", "stream"], {
      type: { const: "STREAM" },
      stream: object(["stream_descriptor"], {
        stream_descriptor: descriptor,
        stream_state: { type: "object" }
      }),
      sourceStats: object([], { recordCount: { type: "number" } })
    })
  ],
  LOG: [
    "log",
    object(["level", "message"], {
      level: { enum: ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"] },
      message: text,
      stack_trace: text
    })
  ],
  TRACE: [
    "trace",
    {
      ...object(["type", "emitted_at"], {
        type: { enum: ["ERROR", "STREAM_STATUS"] },
        emitted_at: { type: "number" },
        error: object(["message"], {
          message: text,
          internal_message: text,
          stack_trace: text,
          failure_type: { enum: ["system_error", "config_error", "transient_error"] },
          stream_descriptor: descriptor
        }),
        stream_status: object(["stream_descriptor", "status"], {
          stream_descriptor: descriptor,
          status: { enum: ["STARTED", "RUNNING", "COMPLETE", "INCOMPLETE"] }
        })
      }),
      oneOf: [
        { required: ["error"], properties: { type: { const: "ERROR" } } },
        { required: ["stream_status"], properties: { type: { const: "STREAM_STATUS" } } }
      ]
    }
  ]
} as const

/** Any message. A message has the field of its type, and no field of another type. */
export const airbyteMessage = {
  type: "object",
  required: ["type"],
  discriminator: { propertyName: "type" },
  oneOf: Object.entries(bodies).map(([type, [field, body]]) =>
    object(["type", field], { type: { const: type }, [field]: body })
  )
}
