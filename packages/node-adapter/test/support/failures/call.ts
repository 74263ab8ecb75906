/**
 * A table of responses of the GraphQL endpoint that are not rows, with the error that each response
 * causes.
 */
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import type { NodeMetrics } from "@innerspace-metrics/node-adapter"
import { Fault } from "@innerspace-metrics/sandbox"
import { atOnce } from "../client.js"

/** The tag of an error, and a reason that an error with this tag can have. */
type Kind = {
  [Tag in CallError["_tag"]]: readonly [Tag, Extract<CallError, { _tag: Tag }>["reason"]]
}[CallError["_tag"]]

export interface CallFailure {
  readonly name: string
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly options?: Partial<NodeMetrics.Options>
  readonly kind: Kind
  /** Words that the message must contain. */
  readonly says: ReadonlyArray<string>
  /** Other fields that the error must have. */
  readonly fields?: { readonly [field: string]: unknown }
  /** The number of GraphQL requests until the call fails. The retry policy allows three. */
  readonly requests: 1 | 2 | 3
}

/** The options of the clients for this table: three attempts, without a wait. */
export const callOptions: Partial<NodeMetrics.Options> = { retry: atOnce(3) }

const answering = (
  name: string,
  body: unknown,
  kind: Kind,
  says: ReadonlyArray<string>,
  answer: {
    readonly status?: number
    readonly fields?: { readonly [field: string]: unknown }
    readonly requests?: 1 | 3
  } = {}
): CallFailure => ({
  name,
  faults: [
    Fault.answer({
      body: typeof body === "string" ? body : JSON.stringify(body),
      status: answer.status ?? 200,
      times: 10
    })
  ],
  kind,
  says,
  fields: answer.fields ?? {},
  requests: answer.requests ?? 1
})

const html = "<html><body>Sign in to the network</body></html>"

const row = { feature_value: {}, date_time_start: "2024-01-01T06:00:00+00:00" }

const hasuraError = (code: string, message: string) => ({
  errors: [{ message, extensions: { path: "$.selectionSet", code } }]
})

export const callFailures: ReadonlyArray<CallFailure> = [
  answering("HTML", html, ["ResponseError", "NotJson"], ["not JSON", "Sign in to the network"], {
    fields: { status: 200, excerpt: html }
  }),
  {
    name: "bytes that are not UTF-8",
    faults: [Fault.invalidUtf8()],
    kind: ["ResponseError", "NotJson"],
    says: ["not UTF-8", "that changes the body"],
    fields: { status: 200 },
    requests: 1
  },
  answering("an empty body", "", ["ResponseError", "NotJson"], ["not JSON"]),
  answering("half of a JSON text", '{"data":{"data":[', ["ResponseError", "NotJson"], ['{"data"']),
  answering(
    "neither data nor errors",
    {},
    ["ResponseError", "NoData"],
    ["neither data nor errors", "{}"]
  ),
  answering(
    "data that is null",
    { data: null },
    ["ResponseError", "NoData"],
    ["neither data nor errors"]
  ),
  answering(
    "errors that are an empty list",
    { errors: [] },
    ["ResponseError", "NoData"],
    ["neither data nor errors"]
  ),
  answering("a list", [], ["ResponseError", "NoData"], ["neither data nor errors", "[]"]),
  answering("null", "null", ["ResponseError", "NoData"], ["neither data nor errors", "null"]),
  answering(
    "data of another shape",
    { data: [] },
    ["DecodeError", "WrongShape"],
    ["field data is undefined", "a list of rows"]
  ),
  answering(
    "a field of another name",
    { data: { building_features: [] } },
    ["DecodeError", "WrongShape"],
    ["field data is undefined", "a list of rows"],
    { fields: { table: "building_features" } }
  ),
  answering(
    "an object in place of rows",
    { data: { data: {} } },
    ["DecodeError", "WrongShape"],
    ["field data is {}"]
  ),
  answering(
    "a row that is a number",
    { data: { data: [row, 7] } },
    ["DecodeError", "WrongShape"],
    ["Row 1", "7"],
    {
      fields: { row: 1, found: "7" }
    }
  ),
  answering(
    "a row that lacks a column",
    { data: { data: [{ feature_value: {} }] } },
    ["DecodeError", "WrongValue"],
    ["building_features.date_time_start of row 0", "undefined"],
    { fields: { row: 0, column: "date_time_start" } }
  ),
  answering(
    "a cell of another type",
    { data: { data: [{ ...row, date_time_start: "yesterday" }] } },
    ["DecodeError", "WrongValue"],
    ["building_features.date_time_start of row 0", '"yesterday"', "a timestamp"],
    { fields: { row: 0, column: "date_time_start", found: '"yesterday"' } }
  ),
  answering(
    "null where the column is never null",
    { data: { data: [{ ...row, date_time_start: null }] } },
    ["DecodeError", "WrongValue"],
    ["building_features.date_time_start of row 0", "null", "never null"]
  ),
  answering(
    "errors and data",
    { data: { data: [row] }, ...hasuraError("remote-schema-error", "half of it failed") },
    ["GraphQLError", "Unknown"],
    ["half of it failed", "remote-schema-error", "$.selectionSet"],
    {
      fields: {
        status: 200,
        data: { data: [row] },
        errors: [
          { message: "half of it failed", code: "remote-schema-error", path: "$.selectionSet" }
        ]
      }
    }
  ),
  answering(
    "errors with an HTTP status other than 200",
    hasuraError("permission-error", "not for this role"),
    ["GraphQLError", "PermissionDenied"],
    ["not for this role", "permission-error"],
    { status: 403, fields: { status: 403, data: undefined } }
  ),
  answering("errors that are a string", { errors: "no" }, ["GraphQLError", "Unknown"], ['"no"']),
  answering(
    "errors without a message",
    { errors: [{}] },
    ["GraphQLError", "Unknown"],
    ["no message"]
  ),
  answering("403", html, ["ResponseError", "UnexpectedStatus"], ["403", "Sign in"], {
    status: 403,
    fields: { status: 403 }
  }),
  answering(
    "404",
    { path: "$", error: "resource does not exist", code: "not-found" },
    ["ResponseError", "UnexpectedStatus"],
    ["404", "resource does not exist", "base URL"],
    { status: 404, fields: { status: 404 } }
  ),
  answering("a redirect", "", ["ResponseError", "Redirected"], ["302", "base URL"], {
    status: 302,
    fields: { status: 302 }
  }),
  {
    name: "429 on every attempt",
    faults: [Fault.rateLimited({ times: 10 })],
    kind: ["ResponseError", "RateLimited"],
    says: ["429", "Too Many Requests"],
    fields: { status: 429, retryAfter: undefined },
    requests: 3
  },
  {
    name: "503 on every attempt",
    faults: [Fault.unavailable({ times: 10 })],
    kind: ["ResponseError", "Unavailable"],
    says: ["503", "Service Temporarily Unavailable"],
    fields: { status: 503 },
    requests: 3
  },
  {
    name: "a cut body on every attempt",
    faults: [Fault.cutBody({ times: 10 })],
    kind: ["TransportError", "ConnectionLost"],
    says: ["localhost", "before the response was complete"],
    requests: 3
  },
  {
    name: "a connection that breaks before the answer on every attempt",
    faults: [Fault.reset({ times: 10 })],
    kind: ["TransportError", "ConnectionLost"],
    says: ["localhost"],
    requests: 3
  },
  {
    name: "a body that stalls",
    faults: [Fault.stallBody()],
    options: { retry: atOnce(1), timeout: "1 second" },
    kind: ["TransportError", "Timeout"],
    says: ["localhost", "1s"],
    requests: 1
  },
  {
    name: "a body whose content-length is too large",
    faults: [Fault.answer({ body: JSON.stringify({ data: { data: "x".repeat(5_000) } }) })],
    options: { maxBodySize: 4_096 },
    kind: ["ResponseError", "TooLarge"],
    says: ["5020 bytes", "4096", "maxBodySize"],
    fields: { status: 200 },
    requests: 1
  },
  {
    name: "a body that is too large without a content-length",
    faults: [Fault.hugeBody({ bytes: 10_000_000 })],
    options: { maxBodySize: 4_096 },
    kind: ["ResponseError", "TooLarge"],
    says: ["bytes", "4096", "maxBodySize"],
    fields: { status: 200 },
    requests: 1
  },
  {
    name: "401 for an old and a new token",
    faults: [Fault.unauthorized({ times: 2 })],
    kind: ["AuthError", "TokenRefused"],
    says: ["rejected a new token", "credentials"],
    fields: { status: 401 },
    requests: 2
  },
  {
    name: "invalid-jwt for an old and a new token",
    faults: [Fault.invalidJwt({ times: 2 })],
    kind: ["AuthError", "TokenRefused"],
    says: ["rejected a new token", "Could not verify JWT: JWTExpired"],
    fields: { status: 200 },
    requests: 2
  }
]
