import * as Schema from "effect/Schema"
import { tablesOf } from "../catalog/tables.js"
import { isDate } from "../data/calendar.js"
import { firstDate } from "../data/Dataset.js"
import { longestWait } from "../http/realTime.js"

/** A value that can be sent in a header. */
const HeaderValue = Schema.String.pipe(
  Schema.pattern(/^[\t\x20-\x7e\x80-\xff]*$/, {
    message: () =>
      "Expected the value of a header, without line breaks and characters outside Latin-1"
  })
)

const HeaderName = Schema.String.pipe(
  Schema.pattern(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, {
    message: () => "Expected the name of a header"
  })
)

const Milliseconds = Schema.Number.pipe(Schema.between(0, longestWait))

const exactly = { exact: true } as const

const Status = Schema.Int.pipe(Schema.between(200, 599))

const Encoding = Schema.Literal("gzip", "deflate", "br")
/** The compression of a body. */
export type Encoding = typeof Encoding.Type

const RefusalStatus = Schema.Literal(400, 401, 403, 429)
/** Auth0's statuses for a rejection. 429 is the status of `slow_down`. */
export type RefusalStatus = typeof RefusalStatus.Type

const Bytes = Schema.Struct({ base64: Schema.Uint8ArrayFromBase64 })

// Responses that replace the real response.

const Unauthorized = Schema.TaggedStruct("Unauthorized", {})
const Refused = Schema.TaggedStruct("Refused", {
  status: Schema.optionalWith(RefusalStatus, { exact: true, default: () => 401 as const }),
  error: Schema.optionalWith(Schema.String, exactly),
  description: Schema.optionalWith(Schema.String, exactly)
})
const RateLimited = Schema.TaggedStruct("RateLimited", {
  retryAfter: Schema.optionalWith(Schema.Union(Schema.Number, HeaderValue), exactly),
  rateLimitReset: Schema.optionalWith(Schema.Union(Schema.Number, HeaderValue), exactly)
})
const Unavailable = Schema.TaggedStruct("Unavailable", {})
const Html = Schema.TaggedStruct("Html", {
  status: Schema.optionalWith(Status, { exact: true, default: () => 200 })
})
const InvalidJwt = Schema.TaggedStruct("InvalidJwt", {})
const GraphqlError = Schema.TaggedStruct("GraphqlError", {
  code: Schema.String,
  message: Schema.optionalWith(Schema.String, exactly),
  path: Schema.optionalWith(Schema.String, exactly),
  status: Schema.optionalWith(Status, { exact: true, default: () => 200 })
})
const Redirect = Schema.TaggedStruct("Redirect", {
  location: HeaderValue,
  status: Schema.optionalWith(Schema.Literal(301, 302, 303, 307, 308), {
    exact: true,
    default: () => 307 as const
  })
})
const HugeBody = Schema.TaggedStruct("HugeBody", {
  bytes: Schema.NonNegativeInt,
  encoding: Schema.optionalWith(Encoding, exactly)
})
const Answer = Schema.TaggedStruct("Answer", {
  status: Schema.optionalWith(Status, { exact: true, default: () => 200 }),
  headers: Schema.optionalWith(Schema.Record({ key: HeaderName, value: HeaderValue }), {
    exact: true,
    default: () => ({})
  }),
  body: Schema.Union(Schema.String, Bytes)
})

// Changes of the real response.

const Override = Schema.TaggedStruct("Override", {
  status: Schema.optionalWith(Status, exactly),
  headers: Schema.optionalWith(
    Schema.Record({ key: HeaderName, value: Schema.NullOr(HeaderValue) }),
    { exact: true, default: () => ({}) }
  )
})
const PartialData = Schema.TaggedStruct("PartialData", {
  code: Schema.optionalWith(Schema.String, { exact: true, default: () => "remote-schema-error" }),
  message: Schema.optionalWith(Schema.String, exactly),
  path: Schema.optionalWith(Schema.String, exactly)
})
const EmptyBody = Schema.TaggedStruct("EmptyBody", {})
const MalformedJson = Schema.TaggedStruct("MalformedJson", {})
const InvalidUtf8 = Schema.TaggedStruct("InvalidUtf8", {})
const DuplicateKeys = Schema.TaggedStruct("DuplicateKeys", {})
const NestedJson = Schema.TaggedStruct("NestedJson", {
  depth: Schema.optionalWith(Schema.Int.pipe(Schema.between(1, 10_000_000)), {
    exact: true,
    default: () => 100_000
  })
})
const Compressed = Schema.TaggedStruct("Compressed", {
  encoding: Schema.optionalWith(Encoding, { exact: true, default: () => "gzip" as const }),
  always: Schema.optionalWith(Schema.Boolean, { exact: true, default: () => false })
})
const WithoutCors = Schema.TaggedStruct("WithoutCors", {})

// Faulty deliveries of the real response.

const Delay = Schema.TaggedStruct("Delay", { milliseconds: Milliseconds })
const CutBody = Schema.TaggedStruct("CutBody", {})
const StallBody = Schema.TaggedStruct("StallBody", {})
const SlowBody = Schema.TaggedStruct("SlowBody", {
  bytes: Schema.optionalWith(Schema.Int.pipe(Schema.positive()), {
    exact: true,
    default: () => 16
  }),
  milliseconds: Schema.optionalWith(Milliseconds, { exact: true, default: () => 50 })
})

const Closing = Schema.Literal("AfterAnswer", "OnReuse")
/** When to close a connection that seems to stay open. */
export type Closing = typeof Closing.Type

const Reset = Schema.TaggedStruct("Reset", {})
const CloseConnection = Schema.TaggedStruct("CloseConnection", {
  when: Schema.optionalWith(Closing, { exact: true, default: () => "OnReuse" as const })
})
const RefuseConnections = Schema.TaggedStruct("RefuseConnections", { milliseconds: Milliseconds })

// Changes of the server just before it responds.

const ExpireTokens = Schema.TaggedStruct("ExpireTokens", {})
/**
 * The schema accepts dates that are not published yet, because the clock at the time of the request
 * decides which dates are published.
 */
const Restate = Schema.TaggedStruct("Restate", {
  date: Schema.String.pipe(
    Schema.filter(
      (date) =>
        (isDate(date) && date >= firstDate) ||
        `there is no night of ${date}. Choose a local date from ${firstDate} on`
    )
  )
})

/** A removed or renamed column. */
const ColumnGone = Schema.TaggedStruct("ColumnGone", {
  table: Schema.String,
  column: Schema.String,
  renamedTo: Schema.optionalWith(
    Schema.String.pipe(Schema.pattern(/^(?!__)[A-Za-z_][A-Za-z0-9_]{0,62}$/)),
    exactly
  )
}).pipe(Schema.filter(({ column, renamedTo, table }) => refuseColumn(table, column, renamedTo)))
export type ColumnGone = typeof ColumnGone.Type

const refuseColumn = (name: string, column: string, renamedTo: string | undefined) => {
  // v1.5 has the same names as v2.
  const found = (["v1", "v2"] as const)
    .flatMap((api) => tablesOf(api, true)(true))
    .find((table) => table.name === name)
  if (found === undefined) return { path: ["table"], message: `there is no table "${name}"` }
  const names = [
    ...found.columns.map((each) => each.name),
    ...found.relationships.map((each) => each.name)
  ]
  if (!found.columns.some((each) => each.name === column)) {
    return { path: ["column"], message: `${name} has no column "${column}"` }
  }
  return renamedTo !== undefined && names.includes(renamedTo)
    ? { path: ["renamedTo"], message: `${name} already has a field "${renamedTo}"` }
    : true
}

/**
 * The effect of a fault on a request.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 * import * as Schema from "effect/Schema"
 *
 * const decode = Schema.decodeUnknownEither(Fault.FaultEffect)
 * decode({ _tag: "Delay", milliseconds: 2000 })
 * ```
 */
export const FaultEffect = Schema.Union(
  Unauthorized,
  Refused,
  RateLimited,
  Unavailable,
  Html,
  InvalidJwt,
  GraphqlError,
  Redirect,
  HugeBody,
  Answer,
  Override,
  PartialData,
  EmptyBody,
  MalformedJson,
  InvalidUtf8,
  DuplicateKeys,
  NestedJson,
  Compressed,
  WithoutCors,
  Delay,
  CutBody,
  StallBody,
  SlowBody,
  Reset,
  CloseConnection,
  RefuseConnections,
  ExpireTokens,
  Restate,
  ColumnGone
)
export type FaultEffect = typeof FaultEffect.Type
