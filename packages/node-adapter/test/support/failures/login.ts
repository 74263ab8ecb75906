/**
 * A table of responses of a token endpoint that are not a token, with the error that each response
 * causes.
 */
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import type { NodeMetrics } from "@innerspace-metrics/node-adapter"
import { Fault } from "@innerspace-metrics/sandbox"
import * as Redacted from "effect/Redacted"
import { atOnce } from "../client.js"

export interface LoginFailure {
  readonly name: string
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly options?: Partial<NodeMetrics.Options>
  readonly reason: AuthError["reason"]
  /** The HTTP status of the response, if a response arrived. */
  readonly status: number | undefined
  /** Words that the message must contain. */
  readonly says: ReadonlyArray<string>
  /** The number of token requests until the login fails. The retry policy allows two. */
  readonly requests: 1 | 2
}

/** The options of the clients for this table: two attempts, without a wait. */
export const loginOptions: Partial<NodeMetrics.Options> = { token: { retry: atOnce(2) } }

const answering = (
  name: string,
  body: string,
  says: ReadonlyArray<string>,
  answer: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {}
): LoginFailure => ({
  name,
  faults: [Fault.answer({ target: "token", body, ...answer })],
  reason: "InvalidAnswer",
  status: answer.status ?? 200,
  says,
  requests: 1
})

const grant = (fields: object): string =>
  JSON.stringify({ access_token: "canary-token", token_type: "Bearer", ...fields })

/**
 * Makes a JWT with this expiry. Its signature is not valid, because the client does not check it.
 */
const jwt = (exp: unknown): string =>
  ["{}", JSON.stringify({ exp }), "signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".")

const lifetimes: ReadonlyArray<LoginFailure> = [
  "0",
  "-1",
  "1e12",
  "1e999",
  '"3600s"',
  '"NaN"',
  '"-1"',
  "[3600]",
  "{}",
  "true"
].map((json) =>
  answering(
    `a lifetime of ${json}`,
    `{"access_token":"canary-token","token_type":"Bearer","expires_in":${json}}`,
    ["expires_in", "number of seconds"]
  )
)

export const loginFailures: ReadonlyArray<LoginFailure> = [
  {
    name: "a wrong secret",
    faults: [],
    options: { clientSecret: Redacted.make("canary-wrong-secret") },
    reason: "CredentialsRefused",
    status: 401,
    says: ["401", "access_denied", "client id", "client secret"],
    requests: 1
  },
  {
    name: "an unknown client",
    faults: [],
    options: { clientId: "nobody" },
    reason: "CredentialsRefused",
    status: 401,
    says: ["401", "access_denied", "client id", "client secret"],
    requests: 1
  },
  {
    name: "a client without a grant",
    faults: [
      Fault.answer({
        target: "token",
        status: 403,
        body: '{"error":"unauthorized_client","error_description":"Grant type not allowed"}'
      })
    ],
    reason: "CredentialsRefused",
    status: 403,
    says: ["403", "unauthorized_client", "Grant type not allowed"],
    requests: 1
  },
  answering("HTML", "<html><body>Sign in to the network</body></html>", ["not JSON", "text/html"], {
    headers: { "content-type": "text/html" }
  }),
  answering("an empty body", "", ["empty"]),
  answering("an empty object", "{}", ["access_token", "no keys"]),
  answering("an object without a token", '{"token":"canary-token"}', [
    "access_token",
    "the keys token"
  ]),
  answering("a list", '["canary-token"]', ["access_token", "not an object"]),
  answering("text", '"canary-token"', ["access_token", "not an object"]),
  answering("null", "null", ["access_token", "not an object"]),
  answering("a token that is a number", '{"access_token":5}', ["access_token"]),
  answering("a token that is null", '{"access_token":null}', ["access_token"]),
  answering("an empty token", grant({ access_token: "" }), ["access token is empty"]),
  answering("a token with a line break", grant({ access_token: "canary-token\r\nx-evil: 1" }), [
    "line break"
  ]),
  answering("a token with a blank", grant({ access_token: "canary token" }), ["space"]),
  answering(
    "a token with a letter that headers do not allow",
    grant({ access_token: "canary-t\u00f6ken" }),
    ["header"]
  ),
  answering("a token that has expired already", `{"access_token":"${jwt(1_000_000_000)}"}`, [
    "already expired",
    "clock"
  ]),
  ...lifetimes,
  answering("a status other than 200", '{"message":"moved"}', ["404", "moved"], { status: 404 }),
  answering("a redirect", "", ["302"], {
    status: 302,
    headers: { location: "https://elsewhere.example.com/token" }
  }),
  {
    name: "bytes that are not UTF-8",
    faults: [Fault.invalidUtf8({ target: "token" })],
    reason: "InvalidAnswer",
    status: 200,
    says: ["not UTF-8", "access_token", "base URL"],
    requests: 1
  },
  {
    name: "more bytes than a token can have",
    faults: [Fault.hugeBody({ target: "token", bytes: 2 * 1024 * 1024 })],
    reason: "InvalidAnswer",
    status: undefined,
    says: ["bytes", "1048576"],
    requests: 1
  },
  {
    name: "429 on every attempt",
    faults: [Fault.rateLimited({ target: "token", times: 10 })],
    reason: "RateLimited",
    status: 429,
    says: ["429", "Global limit has been reached"],
    requests: 2
  },
  {
    name: "503 on every attempt",
    faults: [Fault.unavailable({ target: "token", times: 10 })],
    reason: "Unavailable",
    status: 503,
    says: ["503", "Service Temporarily Unavailable"],
    requests: 2
  },
  {
    name: "a connection that breaks before the answer on every attempt",
    faults: [Fault.reset({ target: "token", times: 10 })],
    reason: "Unreachable",
    status: undefined,
    says: ["localhost"],
    requests: 2
  },
  {
    name: "a cut body on every attempt",
    faults: [Fault.cutBody({ target: "token", times: 10 })],
    reason: "Unreachable",
    status: undefined,
    says: ["localhost", "before the response was complete"],
    requests: 2
  },
  {
    name: "a body that stalls",
    faults: [Fault.stallBody({ target: "token" })],
    options: { token: { retry: atOnce(1), timeout: "1 second" } },
    reason: "Timeout",
    status: undefined,
    says: ["token endpoint", "in time"],
    requests: 1
  }
]
