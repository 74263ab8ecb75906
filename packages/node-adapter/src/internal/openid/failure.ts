/** What a failed step of a sign-in means. */
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import { AuthError } from "@innerspace-metrics/core/MetricsError"
import type * as Duration from "effect/Duration"
import { FetchFailed } from "./fetch.js"

/** A step of a sign-in that failed. */
export interface Failure {
  readonly _tag: "Failure"
  readonly error: AuthError
  /** The error code of OAuth 2.0, if the provider named one. */
  readonly code: string | undefined
  /** Whether it is certain that the provider did not do what the request asked for. */
  readonly isWithoutEffect: boolean
}

/** Makes a `Failure` from any value with which `oauth4webapi` rejects. */
export const toFailure = (cause: unknown, secrets: HttpExchange.Secrets, now: number): Failure => {
  if (cause instanceof FetchFailed) return unanswered(cause.failure)
  if (!isRecord(cause)) return invalid(undefined, "The sign-in failed unexpectedly")
  const response = answerOf(cause, now)
  const { error, error_description: description } = cause
  const status = response?.status
  const isTransient = status !== undefined && (status === 408 || status === 429 || status >= 500)
  if (typeof error === "string" && (meanings.has(error) || !isTransient)) {
    return rejected(error, typeof description === "string" ? description : "", response, secrets)
  }
  const [challenge] = Array.isArray(cause["cause"]) ? cause["cause"] : []
  if (isRecord(challenge) && isRecord(challenge["parameters"])) {
    const { error, error_description: description } = challenge["parameters"]
    return rejected(String(error ?? "invalid_client"), String(description ?? ""), response, secrets)
  }
  if (isTransient) {
    return unavailable(status, response && HttpExchange.retryAfter(response))
  }
  const message = typeof cause["message"] === "string" ? cause["message"] : "no reason given"
  return invalid(
    status,
    `The identity provider's response cannot be used: ${HttpExchange.line(message, secrets)}`
  )
}

/** No response within the time limit. The provider may have received the request. */
export const timedOut: Failure = {
  _tag: "Failure",
  error: new AuthError({
    reason: "Timeout",
    problem: "The identity provider did not respond in time",
    hint: "Try again. If the problem persists, check the network and the issuer"
  }),
  code: undefined,
  isWithoutEffect: false
}

const unanswered = (failure: FetchFailed["failure"]): Failure => {
  const { hint, problem } = failure
  const reason: AuthError["reason"] =
    failure._tag === "AuthError"
      ? failure.reason
      : failure._tag === "ResponseError"
        ? "InvalidAnswer"
        : failure.reason === "Insecure" || failure.reason === "ProxyRefused"
          ? failure.reason
          : "Unreachable"
  return {
    _tag: "Failure",
    error: new AuthError({ reason, problem: `The sign-in failed: ${problem}`, hint }),
    code: undefined,
    // Before a lost connection or an unusable response, the provider may have received the request.
    isWithoutEffect:
      failure._tag === "AuthError" ||
      (failure._tag === "TransportError" && failure.reason !== "ConnectionLost")
  }
}

const rejected = (
  code: string,
  description: string,
  response: HttpExchange.Answer | undefined,
  secrets: HttpExchange.Secrets
): Failure => {
  // Auth0 says `access_denied` for a wrong client secret, too.
  const [reason, hint] = response?.status === 401 ? notAllowed : (meanings.get(code) ?? notAllowed)
  const wait =
    reason === "RateLimited" && response !== undefined
      ? HttpExchange.retryAfter(response, true)
      : undefined
  const text = [code, description].filter((part) => part !== "").join(": ")
  return {
    _tag: "Failure",
    error: new AuthError({
      reason,
      problem: `The identity provider rejected the sign-in: ${HttpExchange.line(text, secrets)}`,
      hint: wait === undefined ? hint : HttpExchange.comeBack(wait),
      status: response?.status,
      retryAfter: wait
    }),
    code,
    isWithoutEffect: true
  }
}

/**
 * The failure of a response with a transient status. A gateway can send 500, 502 or 504 even if the
 * provider has received the request.
 */
const unavailable = (status: number, wait: Duration.Duration | undefined): Failure => ({
  _tag: "Failure",
  error: new AuthError({
    reason: status === 429 ? "RateLimited" : "Unavailable",
    problem: `The identity provider responded with status ${status}`,
    hint: wait === undefined ? "Try again later" : HttpExchange.comeBack(wait),
    status,
    retryAfter: wait
  }),
  code: undefined,
  isWithoutEffect: status === 408 || status === 429 || status === 503
})

const invalid = (status: number | undefined, problem: string): Failure => ({
  _tag: "Failure",
  error: new AuthError({
    reason: "InvalidAnswer",
    problem,
    hint: "Check the issuer, the client id and this machine's clock",
    status
  }),
  code: undefined,
  // A redirect or a firewall's rejection is not a response of the provider.
  isWithoutEffect: status !== undefined && status >= 300 && status < 500
})

/**
 * The response that caused an error of `oauth4webapi`. The error has this response as `response` or
 * as `cause`.
 */
const answerOf = (
  cause: Readonly<Record<string, unknown>>,
  now: number
): HttpExchange.Answer | undefined => {
  const response = [cause["response"], cause["cause"]].find((value) => value instanceof Response)
  return response === undefined
    ? undefined
    : {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: "",
        isUtf8: true,
        receivedAt: now
      }
}

type Meaning = readonly [reason: AuthError["reason"], hint: string]

const notAllowed: Meaning = [
  "CredentialsRefused",
  "Check the client id, its secret if it has one, the audience, the callback, and that the application allows this flow"
]

const again: Meaning = ["SignInRequired", "Have the person sign in again"]

/** The codes of OAuth 2.0 and OpenID Connect that mean something other than a wrong setting. */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["access_denied", ["SignInDenied", "Start the sign-in again, and allow it"]],
  ["expired_token", ["SignInExpired", "Start the sign-in again, and finish it in time"]],
  ["invalid_grant", again],
  ["login_required", again],
  ["interaction_required", again],
  ["consent_required", ["ConsentRequired", "Have the person consent to the app's permissions"]],
  ["slow_down", ["RateLimited", "Ask less often"]],
  ["too_many_requests", ["RateLimited", "Ask less often"]],
  ["temporarily_unavailable", ["Unavailable", "Try again later"]],
  ["server_error", ["Unavailable", "Try again later"]]
])
