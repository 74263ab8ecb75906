/** One client credentials exchange (RFC 6749, section 4.4) in the vendor's dialects. */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { isJsonObject, type JsonObject, type JsonValue } from "@innerspace-metrics/core/JsonValue"
import {
  AuthError,
  type AuthReason,
  type ResponseError,
  type TransportError
} from "@innerspace-metrics/core/MetricsError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
}

export const exchangeCredentials = (
  send: HttpExchange.Exchange,
  url: string,
  api: Api.Api,
  credentials: ClientCredentials
): Effect.Effect<AccessToken.AccessToken, AuthError> =>
  Effect.suspend(() => {
    const secrets = [credentials.clientSecret]
    return send(tokenRequest(url, api.token, credentials), secrets).pipe(
      Effect.mapError(noAnswer),
      Effect.flatMap((answer) => readTokenAnswer(answer, api, secrets))
    )
  })

const tokenRequest = (
  url: string,
  endpoint: Api.TokenEndpoint,
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
        : error.reason === "Insecure"
          ? "Insecure"
          : "Unreachable",
    problem: `No access token: ${error.problem}`,
    hint: error.hint
  })

const readTokenAnswer = (
  answer: HttpExchange.Answer,
  api: Api.Api,
  secrets: HttpExchange.Secrets
): Effect.Effect<AccessToken.AccessToken, AuthError> => {
  const json = Option.getOrUndefined(HttpExchange.json(answer))
  if (answer.status < 200 || answer.status > 299) {
    return Effect.fail(refusal(answer, json, secrets))
  }
  const holder = api.token.answer.slice(0, -1).reduce(child, json)
  const value = api.token.answer.reduce(child, json)
  if (typeof value !== "string") {
    return Effect.fail(
      new AuthError({
        reason: "InvalidAnswer",
        // Not the body itself: a token may stand in it somewhere else.
        problem: `The token endpoint's answer has no text at ${api.token.answer.join(".")}: it is ${HttpExchange.beginning(outline(answer, json), 500, secrets)}`,
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

/** What kind of answer it is, without any of its values. */
const outline = (answer: HttpExchange.Answer, json: JsonValue | undefined): string => {
  if (answer.body.trim() === "") return "empty"
  if (!answer.isUtf8) return "not UTF-8, and so no JSON"
  if (json === undefined)
    return `not JSON but ${answer.headers["content-type"] ?? "of no stated type"}`
  return isJsonObject(json)
    ? `an object with ${Object.keys(json).length === 0 ? "no keys" : `the keys ${Object.keys(json).join(", ")}`}`
    : "JSON, but no object"
}

const refusal = (
  answer: HttpExchange.Answer,
  json: JsonValue | undefined,
  secrets: HttpExchange.Secrets
): AuthError => {
  const wait = HttpExchange.retryAfter(answer)
  const [reason, hint] = meaningOf(answer.status)
  const text = isJsonObject(json) ? description(json) : undefined
  return new AuthError({
    reason,
    problem: `The token endpoint answered with status ${answer.status}: ${
      text === undefined
        ? HttpExchange.excerpt(answer, secrets) || "an empty body"
        : HttpExchange.beginning(text, 2_000, secrets)
    }`,
    hint: wait === undefined ? hint : `Come back in ${Duration.format(wait)}`,
    status: answer.status,
    retryAfter: wait
  })
}

const meaningOf = (status: number): readonly [reason: AuthReason, hint: string] => {
  switch (status) {
    case 400:
    case 401:
    case 403:
      return [
        "CredentialsRefused",
        "Check the client id and the client secret, and that they belong to this API generation"
      ]
    case 408:
      return ["Unavailable", "Try again in a while"]
    case 429:
      return [
        "RateLimited",
        "Wait before asking for a token again, and share one between processes"
      ]
    default:
      return status >= 500
        ? ["Unavailable", "Try again in a while"]
        : ["InvalidAnswer", "Check the base URL and the API generation"]
  }
}

/** The shapes of OAuth 2.0 (RFC 6749, section 5.2), of Auth0's management API, of Auth0's older answers, and of Hasura. */
const description = (json: JsonObject): string | undefined => {
  const parts = [
    json["error"] ?? json["code"],
    json["error_description"] ?? json["description"] ?? json["message"]
  ].filter((part): part is string => typeof part === "string" && part !== "")
  return parts.length === 0 ? undefined : parts.join(": ")
}
