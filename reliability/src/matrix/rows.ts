/** The faults of the matrix, and what a client can see of each fault. */
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import { maxBodySize } from "./settings.js"
import * as Signal from "./signals.js"

/** One line of the matrix. */
export interface Row {
  readonly name: string
  readonly fault: Fault.Fault
  /** The signal that a call sees. */
  readonly atApi: Signal.Signal
  /** The signal that a token request sees, if it differs from the signal of a call. */
  readonly atToken?: Signal.Signal
  /**
   * The signal of all requests, if the client decodes the `content-encoding`. The field is missing
   * if decoding makes no difference.
   */
  readonly decoded?: Signal.Signal
}

/** A date within the range that the matrix streams. */
const night = "2024-03-05"

const row = (
  name: string,
  fault: Fault.Fault,
  atApi: Signal.Signal,
  others: Partial<Row> = {}
): Row => ({ name, fault, atApi, ...others })

const statuses = [400, 403, 404, 408, 413, 500, 502, 504].map((status) =>
  row(`status ${status}`, Fault.html({ status }), Signal.foreign(status))
)

const codes = [
  "postgres-error",
  "postgres-max-connections-error",
  "concurrent-update",
  "rate-limit-exceeded",
  "unexpected",
  "validation-failed",
  "access-denied",
  "data-exception",
  "node-limit-exceeded",
  "a-code-of-tomorrow"
].map((code) => row(`200, ${code}`, Fault.graphqlError({ code }), Signal.errors(code)))

export const rows: ReadonlyArray<Row> = [
  row("401", Fault.unauthorized(), Signal.refused(401)),
  row("200, invalid-jwt", Fault.invalidJwt(), Signal.refused(200)),
  row("refused, 400", Fault.refused({ status: 400 }), Signal.status(400)),
  row("refused, 401", Fault.refused({ status: 401 }), Signal.refused(401)),
  row("refused, 403", Fault.refused({ status: 403 }), Signal.status(403)),
  row("tokens expire", Fault.expireTokens(), Signal.refused(200), { atToken: Signal.usual }),
  row("429", Fault.rateLimited(), Signal.status(429)),
  row("429, Retry-After: 0", Fault.rateLimited({ retryAfter: 0 }), Signal.status(429)),
  row("429, Retry-After: soon", Fault.rateLimited({ retryAfter: "soon" }), Signal.status(429)),
  row("429, Retry-After: 1 hour", Fault.rateLimited({ retryAfter: 3600 }), {
    _tag: "Status",
    status: 429,
    comeBack: "beyond the deadline"
  }),
  row("429, reset in 1 hour", Fault.rateLimited({ rateLimitReset: 3600 }), {
    _tag: "Status",
    status: 429,
    comeBack: "beyond the deadline"
  }),
  row("503, HTML", Fault.unavailable(), Signal.status(503)),
  row("200, HTML", Fault.html(), Signal.notJson),
  ...statuses,
  ...codes,
  row("500, GraphQL errors", Fault.graphqlError({ code: "unexpected", status: 500 }), {
    _tag: "Errors",
    status: 500,
    code: "unexpected"
  }),
  row("redirect here", Fault.redirect({ location: "/elsewhere" }), Signal.status(307)),
  row(
    "redirect, 301",
    Fault.redirect({ location: "http://localhost:1/", status: 301 }),
    Signal.status(301)
  ),
  row("{}", Fault.answer({ body: "{}" }), Signal.nothing),
  row("null", Fault.answer({ body: "null" }), Signal.nothing),
  row("too many bytes", Fault.hugeBody({ bytes: 2 * maxBodySize }), Signal.tooLarge),
  row("compression bomb", Fault.compressionBomb({ bytes: 2 * maxBodySize }), Signal.notJson, {
    decoded: Signal.tooLarge
  }),
  row("right body, 500", Fault.override({ status: 500 }), Signal.status(500)),
  row(
    "right body, said to be gzip",
    Fault.override({ headers: { "content-encoding": "gzip" } }),
    Signal.usual,
    { decoded: Signal.broken }
  ),
  row("right body, text/html", Fault.wrongContentType(), Signal.usual),
  row("right body, no type", Fault.wrongContentType({ contentType: null }), Signal.usual),
  row("data and errors", Fault.partialData(), Signal.errors("remote-schema-error"), {
    atToken: Signal.usual
  }),
  row("no body", Fault.emptyBody(), Signal.notJson),
  row("JSON without its end", Fault.malformedJson(), Signal.notJson),
  row("not UTF-8", Fault.invalidUtf8(), Signal.notJson),
  row("a key twice, null at last", Fault.duplicateKeys(), Signal.nothing),
  row("100,000 arrays in a value", Fault.nestedJson(), Signal.wrongValue),
  row("compressed if asked for", Fault.compressed(), Signal.usual),
  row("compressed unasked", Fault.compressed({ always: true }), Signal.notJson, {
    decoded: Signal.usual
  }),
  row("no CORS headers", Fault.withoutCors(), Signal.usual),
  row("a short delay", Fault.delay({ duration: 20 }), Signal.usual),
  row("a delay beyond the timeout", Fault.delay({ duration: "1 minute" }), Signal.late),
  row("body in pieces", Fault.slowBody({ bytes: 4096, every: 1 }), Signal.usual),
  row("body drop by drop", Fault.slowBody({ bytes: 1, every: "1 minute" }), Signal.late),
  row("body stalls", Fault.stallBody(), Signal.late),
  row("body is cut", Fault.cutBody(), Signal.broken),
  row("reset before the response", Fault.reset(), Signal.reset),
  row("connection reset on reuse", Fault.closeConnection(), Signal.brokenOnReuse),
  row("connection closed after", Fault.closeConnection({ when: "AfterAnswer" }), Signal.usual),
  row("host away", Fault.refuseConnections({ duration: 1 }), Signal.away, {
    atToken: Signal.away
  }),
  row("night restated", Fault.restate({ date: night }), Signal.usual),
  row(
    "column gone",
    Fault.columnGone({ table: "building_metrics", column: "metric_value" }),
    Signal.columnGone
  ),
  row(
    "column renamed",
    Fault.columnGone({
      table: "building_metrics",
      column: "metric_value",
      renamedTo: "metric_number"
    }),
    Signal.columnGone
  )
]
