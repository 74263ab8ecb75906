/**
 * Interprets a response of the GraphQL endpoint. The checks have this order: whether the body is
 * JSON, whether the JSON has `errors`, the status, and `data`.
 *
 * Hasura reports failures of every kind with status 200 (see `App.hs` in Hasura's source). Proxies
 * in front of Hasura respond with any status and with HTML. For an expired token, the response can
 * come from Hasura or from a proxy.
 */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Api } from "../../Api.js"
import {
  type Answer,
  excerpt,
  json as readJson,
  retryAfter,
  type Secrets
} from "../../HttpExchange.js"
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { GraphQLError, ResponseError } from "../../MetricsError.js"
import { isTooLarge } from "../errors.js"
import { comeBack } from "../http/retryAfter.js"
import { beginning, lineOf } from "../redact/beginning.js"
import { strikeOutJson } from "../redact/json.js"
import { shownWindow } from "../redact/shownValues.js"
import { shorten } from "../shorten.js"
import { envelopeOf, makeTakeData, type TakeData } from "./takeData.js"

/** The API refused the token. The API may accept another token. */
export interface TokenRefused {
  readonly _tag: "TokenRefused"
  readonly status: number
  /** The server's message about the refusal, as text that is added to the `problem` of an error. */
  readonly said: string
  readonly excerpt: string
  /** Whether something other than the API may have sent the response. */
  readonly isForeign: boolean
}

export const readAnswer = (
  answer: Answer,
  secrets: Secrets,
  version: Api["version"]
): Either.Either<TakeData, GraphQLError | ResponseError | TokenRefused> => {
  const json = Option.getOrUndefined(readJson(answer))
  const envelope = envelopeOf(json)
  const errors = envelope["errors"]
  if (errors !== undefined && errors !== null && !(isJsonArray(errors) && errors.length === 0)) {
    const all = isJsonArray(errors) ? errors : [errors]
    const entries = readEntries(all, secrets)
    return Either.left(
      answer.status === 401 || entries.some((entry) => entry.code === "invalid-jwt")
        ? refused(answer, json, saying(entries[0]?.message, secrets), secrets)
        : graphQLError(
            answer,
            version,
            entries,
            all.length - 1,
            partialData(answer, envelope["data"] ?? null, secrets)
          )
    )
  }
  if (answer.status === 401) {
    return Either.left(refused(answer, json, summary(envelope, secrets), secrets))
  }
  if (answer.status < 200 || answer.status > 299) {
    return Either.left(unexpectedStatus(answer, json, secrets))
  }
  const data = envelope["data"] ?? null
  return data === null
    ? Either.left(noData(answer, json, secrets))
    : Either.right(makeTakeData(answer, data))
}

/**
 * The maximum number of entries in an error. Programs keep and print errors, so a server must not
 * be able to make an error large.
 */
const maxErrors = 100

/** The maximum length of all entries together, in characters. */
const maxEntriesText = 8_000

/**
 * The maximum length of a body whose data an error keeps, in characters. The data of a longer body
 * is too large, and the search for secrets in it takes too long.
 */
const maxPartialBody = 100_000

/**
 * The maximum length of one text, in characters. Hasura's longest messages name all columns of a
 * table.
 */
const maxErrorText = 2_000

/** The maximum number of steps of a path that an error keeps. */
const maxSteps = 300

const refused = (
  answer: Answer,
  json: JsonValue | undefined,
  said: string,
  secrets: Secrets
): TokenRefused => ({
  _tag: "TokenRefused",
  status: answer.status,
  said,
  excerpt: excerpt(answer, secrets),
  isForeign: isForeign(answer, json)
})

/**
 * Whether something other than the API probably sent the response. The API sends JSON with every
 * status.
 */
const isForeign = (answer: Answer, json: JsonValue | undefined): boolean =>
  json === undefined && /\S/.test(answer.body)

/**
 * The hint for a rejection that did not come from the API, so the credentials are probably valid.
 */
export const firewallHint =
  "A firewall or proxy rejected the request before it reached the API. Ask its administrator to allow it"

/** The data of a response with errors. `undefined` if the data is larger than an error may keep. */
const partialData = (answer: Answer, data: JsonValue, secrets: Secrets): JsonValue | undefined =>
  data !== null && answer.body.length > maxPartialBody ? undefined : strikeOutJson(data, secrets)

const readEntries = (
  all: ReadonlyArray<JsonValue>,
  secrets: Secrets
): ReadonlyArray<GraphQLError["errors"][number]> => {
  const entries: Array<GraphQLError["errors"][number]> = []
  let left = maxEntriesText
  for (const entry of all.slice(0, maxErrors)) {
    const read = readEntry(entry, secrets)
    left -= read.message.length + (read.code?.length ?? 0) + (read.path?.length ?? 0)
    if (left < 0 && entries.length > 0) break
    entries.push(read)
  }
  return entries
}

const readEntry = (entry: JsonValue, secrets: Secrets): GraphQLError["errors"][number] => {
  if (!isJsonObject(entry)) {
    return {
      message: beginning(shorten(entry, shownWindow), 200, secrets),
      code: undefined,
      path: undefined
    }
  }
  const extensions = isJsonObject(entry["extensions"]) ? entry["extensions"] : {}
  const path = extensions["path"] ?? entry["path"]
  const struck = (text: string | undefined) =>
    text === undefined ? undefined : beginning(text, maxErrorText, secrets)
  return {
    message: struck(text(entry["message"])) ?? "no message",
    code: struck(text(extensions["code"])),
    path: struck(pathText(path))
  }
}

/**
 * The path as text. GraphQL's path is a list of names and positions (section 7.1.2), and Hasura's
 * path is a string. A step that is neither a name nor a position is left out.
 */
const pathText = (path: JsonValue | undefined): string | undefined =>
  isJsonArray(path)
    ? path
        .slice(0, maxSteps)
        .filter((step) => typeof step === "string" || typeof step === "number")
        .map((step) => String(step).slice(0, shownWindow))
        .join(".") || undefined
    : text(path)

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === "string" ? value : undefined

const graphQLError = (
  answer: Answer,
  version: Api["version"],
  errors: ReadonlyArray<GraphQLError["errors"][number]>,
  others: number,
  data: JsonValue | undefined
): GraphQLError => {
  const [first] = errors
  const code = first?.code
  const reason = reasonOf(code, answer.status)
  const wait = retryAfter(answer, reason === "RateLimited")
  return new GraphQLError({
    reason,
    problem: `The API reported an error${saying(first?.message, [])}${code === undefined ? "" : ` (${lineOf(code, [])})`}${
      first?.path === undefined ? "" : ` at ${lineOf(first.path, [])}`
    }${others === 0 ? "" : `, and ${others} more`}${
      data === undefined ? "; the partial data is too large to keep in the error" : ""
    }`,
    hint: hintOf(
      reason,
      wait,
      (reason === "Invalid" && otherGeneration(first?.message, version)) || hints[reason]
    ),
    status: answer.status,
    errors,
    data: data ?? undefined,
    retryAfter: wait
  })
}

/**
 * The reasons of a `GraphQLError`, by Hasura's code. See
 * https://hasura.io/docs/latest/api-reference/graphql-api/ and `Error.hs` in Hasura's source.
 */
const reasons: { readonly [code: string]: GraphQLError["reason"] } = {
  "access-denied": "PermissionDenied",
  "invalid-headers": "PermissionDenied",
  "jwt-invalid-claims": "PermissionDenied",
  "jwt-missing-role-claims": "PermissionDenied",
  "permission-denied": "PermissionDenied",
  "permission-error": "PermissionDenied",
  "bad-request": "Invalid",
  "invalid-json": "Invalid",
  "not-found": "Invalid",
  "not-supported": "Invalid",
  "parse-failed": "Invalid",
  "unexpected-payload": "Invalid",
  "validation-failed": "Invalid",
  "data-exception": "DataException",
  "rate-limit-exceeded": "RateLimited",
  "concurrent-update": "DatabaseUnavailable",
  "connection-not-established": "DatabaseUnavailable",
  "postgres-error": "DatabaseUnavailable",
  "postgres-max-connections-error": "DatabaseUnavailable",
  unexpected: "Unexpected"
}

const reasonOf = (code: string | undefined, status: number): GraphQLError["reason"] => {
  const known = code !== undefined && Object.hasOwn(reasons, code) ? reasons[code] : undefined
  if (known !== undefined) return known
  if (status === 429) return "RateLimited"
  if (code?.endsWith("-limit-exceeded") === true) return "LimitExceeded"
  return status >= 500 ? "Unexpected" : "Unknown"
}

const hints: { readonly [Reason in GraphQLError["reason"]]: string } = {
  Invalid:
    "Check the names against the API's schema; columns that the token's role may not read are hidden",
  PermissionDenied: "Ask the vendor which role and data the credentials give access to",
  DataException: "Check the values of the variables",
  RateLimited: "Wait before the next call",
  LimitExceeded: "Query less in one operation",
  DatabaseUnavailable: "Try again later",
  Unexpected: "Try again. If the problem persists, give the vendor the request id",
  Unknown: "Check the code and the message of the error"
}

/**
 * A hint if the missing table belongs to another generation of the API. Names of tables are in
 * lower case in v1, and in upper case in the other generations. The check uses the case, because a
 * list of all names would make the bundle of a page too large.
 */
const otherGeneration = (message = "", version: Api["version"]): string | undefined => {
  const table = /^field \W?(\w+)\W? not found in type: \W?query_root/.exec(message)?.[1]
  if (table === undefined || /^[a-z]/.test(table) === (version === "v1")) return undefined
  return `${table} looks like a table of ${
    version === "v1" ? "v1.5 and v2: use Api.v2 or Api.v1_5" : "v1: use Api.v1"
  } for it, or query a table of ${version}`
}

const unexpectedStatus = (
  answer: Answer,
  json: JsonValue | undefined,
  secrets: Secrets
): ResponseError => {
  const wait = retryAfter(answer)
  const [reason, hint] = meaningOf(answer.status, isForeign(answer, json))
  return new ResponseError({
    reason,
    problem: `The API responded with status ${answer.status}${summary(envelopeOf(json), secrets)}`,
    hint: hintOf(reason, wait, hint),
    status: answer.status,
    excerpt: excerpt(answer, secrets),
    retryAfter: wait
  })
}

const meaningOf = (
  status: number,
  isForeign: boolean
): readonly [reason: ResponseError["reason"], hint: string] => {
  if (status === 429) return ["RateLimited", "Wait before the next call"]
  if (status === 408 || status >= 500) return ["Unavailable", "Try again later"]
  // A browser reports the status 0 for a redirect that it does not follow.
  if (status === 0 || (status >= 300 && status < 400)) {
    return [
      "Redirected",
      "Set the base URL to the API's own address: redirects are not followed, because the request has credentials"
    ]
  }
  if (status === 403) {
    return [
      "UnexpectedStatus",
      isForeign ? firewallHint : "Ask the vendor what the credentials may read"
    ]
  }
  if (status === 407) return ["UnexpectedStatus", "Check the user name and password of the proxy"]
  if (isTooLarge(status)) {
    return ["UnexpectedStatus", "Send fewer queries in one request, or fewer values in a filter"]
  }
  if (status === 404) return ["UnexpectedStatus", "Check the base URL and the API generation"]
  return [
    "UnexpectedStatus",
    "Check the base URL, and for a proxy or firewall between this machine and the API"
  ]
}

/** Returns the hint of an error. Only the hint of a transient failure advises to wait. */
const hintOf = (
  reason: GraphQLError["reason"] | ResponseError["reason"],
  wait: Duration.Duration | undefined,
  hint: string
): string =>
  wait !== undefined &&
  Duration.toMillis(wait) > 0 &&
  /^(?:RateLimited|.*Unavailable|Unexpected)$/.test(reason)
    ? comeBack(wait)
    : hint

/**
 * The server's message, which Hasura's REST endpoints send in the field `error`. Any other body is
 * not quoted here, because the error's `excerpt` has the beginning of the body.
 */
const summary = (envelope: JsonObject, secrets: Secrets): string =>
  saying(text(envelope["error"]), secrets)

const saying = (message: string | undefined, secrets: Secrets): string =>
  message === undefined ? "" : `: ${lineOf(message, secrets)}`

const noData = (answer: Answer, json: JsonValue | undefined, secrets: Secrets): ResponseError =>
  new ResponseError({
    reason: json === undefined ? "NotJson" : "NoData",
    problem:
      json === undefined
        ? `The response is ${answer.body === "" ? "empty, not JSON" : answer.isUtf8 ? "not JSON" : "not UTF-8, so it is not JSON"}`
        : "The response has neither data nor errors",
    hint: answer.isUtf8
      ? "Check that the base URL belongs to the API generation in use"
      : "Check for a proxy between this machine and the API that changes the body",
    status: answer.status,
    excerpt: excerpt(answer, secrets)
  })
