/**
 * The client credentials grant (RFC 6749, section 4.4), in the forms that the generations of the
 * vendor's API require.
 */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue
} from "@innerspace-metrics/core/JsonValue"
import {
  AuthError,
  type ResponseError,
  type TransportError
} from "@innerspace-metrics/core/MetricsError"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Pause } from "./betweenCalls.js"

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
}

/**
 * Requests a token. Sends no request during a pause that the token endpoint has asked for, because
 * a server may extend the pause after each request that arrives too early.
 */
export const exchangeCredentials = (
  send: HttpExchange.Exchange,
  url: string,
  api: Api.Api,
  credentials: ClientCredentials,
  pause: Pause = { until: 0 }
): Effect.Effect<AccessToken.AccessToken, AuthError> => {
  const secrets = [credentials.clientSecret]
  return Effect.clockWith((clock) => {
    const wait = pause.until === 0 ? 0 : pause.until - monotonicNow(clock)
    // When a pause is over, rounding can leave a fraction of a millisecond.
    if (wait >= 1) return Effect.fail(stillLimited(Duration.millis(wait)))
    return send(tokenRequest(url, api.token, credentials), secrets).pipe(
      Effect.mapError(noAnswer),
      Effect.flatMap((answer) => readTokenAnswer(answer, api, secrets)),
      Effect.tapError(({ reason, retryAfter }) =>
        Effect.sync(() => {
          if (reason !== "RateLimited" || retryAfter === undefined) return
          pause.until = monotonicNow(clock) + Math.min(Duration.toMillis(retryAfter), longestPause)
        })
      )
    )
  })
}

const monotonicNow = (clock: Clock.Clock): number => Number(clock.unsafeCurrentTimeNanos()) / 1e6

/**
 * The longest pause in milliseconds, an hour. A server that asks for a longer pause may have made a
 * mistake.
 */
const longestPause = 3_600_000

const stillLimited = (retryAfter: Duration.Duration): AuthError =>
  new AuthError({
    reason: "RateLimited",
    problem: "No token was requested, because the token endpoint has asked this client to wait",
    hint: HttpExchange.comeBack(retryAfter),
    retryAfter
  })

const tokenRequest = (
  url: string,
  endpoint: Api.Api["token"],
  credentials: ClientCredentials
): HttpExchange.PostRequest => {
  const fields = {
    ...(endpoint.grantType === undefined ? {} : { grant_type: endpoint.grantType }),
    client_id: credentials.clientId,
    client_secret: Redacted.value(credentials.clientSecret),
    ...(endpoint.audience === undefined ? {} : { audience: endpoint.audience })
  }
  const [contentType, body] =
    endpoint.encoding === "json"
      ? ["application/json", JSON.stringify(fields)]
      : ["application/x-www-form-urlencoded", new URLSearchParams(fields).toString()]
  return { url, headers: { accept: "application/json", "content-type": contentType }, body }
}

const noAnswer = (error: TransportError | ResponseError): AuthError =>
  new AuthError({
    reason:
      error._tag === "ResponseError"
        ? "InvalidAnswer"
        : error.reason === "Insecure" || error.reason === "ProxyRefused"
          ? error.reason
          : "Unreachable",
    problem: `No access token: ${error.problem}`,
    hint:
      error._tag === "ResponseError"
        ? "Check the base URL, because a token response is never this large"
        : error.hint
  })

const readTokenAnswer = (
  answer: HttpExchange.Answer,
  api: Api.Api,
  secrets: HttpExchange.Secrets
): Effect.Effect<AccessToken.AccessToken, AuthError> => {
  const json = Option.getOrUndefined(HttpExchange.json(answer))
  const holder = api.token.answer.slice(0, -1).reduce(child, json)
  const said = saidBy(json) ?? saidBy(holder) ?? saidBy(formOf(answer))
  if (answer.status < 200 || answer.status > 299) {
    return Effect.fail(refusal(answer, json, said, secrets))
  }
  const value = api.token.answer.reduce(child, json)
  // Some endpoints reject a request with status 200, and give the reason in the body.
  if (said?.isError === true && (typeof value !== "string" || value === "")) {
    return Effect.fail(refusal(answer, json, said, secrets))
  }
  if (typeof value !== "string") {
    return Effect.fail(
      new AuthError({
        reason: "InvalidAnswer",
        // The message omits the body, which may contain a token at another path.
        problem: `The token response has no string at ${api.token.answer.join(".")}: it is ${HttpExchange.line(outline(answer, json), secrets)}`,
        hint: `Check that the base URL is that of the ${api.version} API`,
        status: answer.status
      })
    )
  }
  const token = Redacted.make(value)
  return Effect.mapError(
    AccessToken.make({
      value: token,
      header: api.credential,
      expiresIn: child(holder, "expires_in")
    }),
    (error) =>
      new AuthError({
        ...error,
        problem: HttpExchange.strikeOut(error.problem, [...secrets, token]),
        status: answer.status
      })
  )
}

const child = (parent: JsonValue | undefined, key: string): JsonValue | undefined =>
  isJsonObject(parent) ? parent[key] : undefined

/** Describes a response without any of its values. */
const outline = (answer: HttpExchange.Answer, json: JsonValue | undefined): string => {
  if (answer.body.trim() === "") return "empty"
  if (!answer.isUtf8) return "not UTF-8, so not JSON"
  if (json === undefined)
    return `not JSON but ${answer.headers["content-type"] ?? "of unknown type"}`
  return isJsonObject(json)
    ? `an object with ${Object.keys(json).length === 0 ? "no keys" : `the keys ${Object.keys(json).join(", ")}`}`
    : "JSON, but not an object"
}

const refusal = (
  answer: HttpExchange.Answer,
  json: JsonValue | undefined,
  said: Said | undefined,
  secrets: HttpExchange.Secrets
): AuthError => {
  const isForeign = json === undefined && said === undefined && /\S/.test(answer.body)
  const [reason, hint] = meaningOf(answer.status, said?.code, isForeign)
  const wait = HttpExchange.retryAfter(answer, reason === "RateLimited")
  const mayComeBack =
    (reason === "RateLimited" || reason === "Unavailable") &&
    wait !== undefined &&
    Duration.toMillis(wait) > 0
  return new AuthError({
    reason,
    problem: `The token endpoint responded with status ${answer.status}${
      said === undefined ? "" : `: ${HttpExchange.line(said.text, secrets)}`
    }`,
    hint: mayComeBack ? HttpExchange.comeBack(wait) : hint,
    status: answer.status,
    // A response that names a reason may also contain tokens, so the error has no excerpt of the
    // response.
    excerpt: said === undefined ? HttpExchange.excerpt(answer, secrets) : undefined,
    retryAfter: wait
  })
}

/**
 * Finds the reason of a rejection: from the status if the status is specific enough, and otherwise
 * from the error code. Endpoints send error codes with any status, even 200.
 */
const meaningOf = (
  status: number,
  code: string | undefined,
  isForeign: boolean
): readonly [reason: AuthError["reason"], hint: string] => {
  if (status === 429) return limited
  if (status === 408 || status >= 500) return unavailable
  if (status === 407) {
    return ["ProxyRefused", "Check the user name and the password in the proxy's URL"]
  }
  const known = code === undefined ? undefined : meanings.get(code)
  if (known !== undefined) return known
  if (status === 400 || status === 401 || status === 403) {
    return isForeign
      ? [
          "InvalidAnswer",
          "A firewall or proxy rejected the request before it reached the API. Ask its administrator to allow it"
        ]
      : refused
  }
  return status < 300 ? refused : ["InvalidAnswer", "Check the base URL and the API generation"]
}

type Meaning = ReturnType<typeof meaningOf>

const limited: Meaning = [
  "RateLimited",
  "Wait before the next token request, and share one token between processes"
]

const unavailable: Meaning = ["Unavailable", "Try again later"]

const refused: Meaning = [
  "CredentialsRefused",
  "Check the client id and the client secret, and that they belong to this API generation"
]

/**
 * The codes of OAuth 2.0 (RFC 6749, sections 4.1.2.1 and 5.2; RFC 8628, section 3.5), of Auth0 and
 * of Hasura.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...["invalid_client", "unauthorized_client", "access_denied", "invalid_grant"].map(
    (code) => [code, refused] as const
  ),
  ...[
    "temporarily_unavailable",
    "server_error",
    "concurrent-update",
    "connection-not-established",
    "postgres-error",
    "postgres-max-connections-error",
    "unexpected"
  ].map((code) => [code, unavailable] as const),
  ...["slow_down", "too_many_requests", "rate_limit_exceeded", "rate-limit-exceeded"].map(
    (code) => [code, limited] as const
  )
])

/** The error in a response without a token. */
interface Said {
  readonly text: string
  readonly code: string | undefined
  /** Whether the response marks the text as an error. */
  readonly isError: boolean
}

/**
 * Reads the error formats of OAuth 2.0 (RFC 6749, section 5.2), Auth0's management API, Auth0's
 * older responses, Hasura's REST endpoints and GraphQL, and errors that are objects.
 */
const saidBy = (json: JsonValue | undefined, depth = 0): Said | undefined => {
  // A response can be nested so deeply that recursion overflows the stack.
  if (!isJsonObject(json) || depth > 3) return undefined
  const { error, errors } = json
  const [first] = isJsonArray(errors) ? errors : []
  const inner = saidBy(error, depth + 1) ?? saidBy(first, depth + 1)
  if (inner !== undefined) return { ...inner, isError: true }
  const texts = (...values: ReadonlyArray<JsonValue | undefined>) =>
    values.filter((value): value is string => typeof value === "string" && value !== "")
  const [title] = texts(error, json["code"])
  const [details] = texts(json["error_description"], json["description"], json["message"])
  const parts = texts(title, details)
  if (parts.length === 0) return undefined
  const codes = texts(error, json["code"], json["errorCode"], child(json["extensions"], "code"))
  return {
    text: parts.join(": "),
    code: codes.find((code) => meanings.has(code)) ?? codes[0],
    isError: texts(error).length > 0
  }
}

/**
 * The fields of a response that is form data. Some endpoints send form data even if the request
 * accepts only JSON.
 */
const formOf = ({ body, headers }: HttpExchange.Answer): JsonObject | undefined =>
  headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true
    ? Object.fromEntries(new URLSearchParams(body))
    : undefined
