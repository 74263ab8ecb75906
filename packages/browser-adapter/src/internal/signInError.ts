/** Errors of a sign-in library or an app's callback as an `AuthError`. */
import { line, type Secrets } from "@innerspace-metrics/core/HttpExchange"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import { AuthError } from "@innerspace-metrics/core/MetricsError"

/**
 * Chooses the reason by the `error` code of OAuth 2.0, OpenID Connect or Auth0's SDK, if the error
 * has one. Reads only the code and the text of the error. Does not keep the error itself, because
 * it may refer to tokens.
 */
export const signInError = (thrown: unknown, secrets: Secrets): AuthError => {
  if (thrown instanceof AuthError) return thrown
  const { error: code, error_description: description, message } = isRecord(thrown) ? thrown : {}
  const text = [code, description ?? message]
    .filter((part): part is string => typeof part === "string" && part !== "")
    .filter((part, index, parts) => parts.indexOf(part) === index)
    .map((part) => line(part, secrets))
    .join(": ")
  const [reason, hint] = meaningOf(thrown, code, text)
  return new AuthError({
    reason,
    problem: `The sign-in returned no access token: ${text === "" ? "no reason given" : text}`,
    hint
  })
}

/** The sign-in has no token, because nobody is signed in or the session has ended. */
export const signedOut = (): AuthError =>
  new AuthError({
    reason: "SignInRequired",
    problem: "The sign-in returned no access token: nobody is signed in",
    hint: signInHint
  })

const signInHint = "Have the person sign in again"

type Meaning = readonly [reason: AuthError["reason"], hint: string]

const meaningOf = (thrown: unknown, code: unknown, text: string): Meaning => {
  if (typeof code !== "string") {
    return thrown instanceof TypeError
      ? ["Unreachable", "Check the network, and that the sign-in server allows this origin (CORS)"]
      : [
          "Unavailable",
          "Try again later. If the problem persists, check the log of the sign-in service"
        ]
  }
  // The page is cross-origin isolated, so signing in again does not help.
  if (code === "login_required" && text.includes("Cross-Origin Isolated")) {
    return [
      "InvalidAnswer",
      "In a cross-origin isolated page, only a refresh token can renew an access token. Set useRefreshTokens"
    ]
  }
  return (
    meanings.get(code) ?? [
      "InvalidAnswer",
      "Look up this error code in the documentation of the sign-in service"
    ]
  )
}

const signIn: Meaning = ["SignInRequired", signInHint]
const refused: Meaning = [
  "CredentialsRefused",
  "Check the application's settings in the sign-in service, and the person's permissions"
]
const settings: Meaning = [
  "InvalidAnswer",
  "Check the sign-in settings: audience, scope, application"
]
const later: Meaning = ["Unavailable", "Try again later"]

/**
 * The reason and the hint of each error code. Sources: OpenID Connect Core 3.1.2.6; RFC 6749,
 * 4.1.2.1 and 5.2; auth0-spa-js, `src/errors.ts`.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["login_required", signIn],
  ["interaction_required", signIn],
  ["account_selection_required", signIn],
  ["mfa_required", signIn],
  ["missing_refresh_token", signIn],
  ["invalid_grant", signIn],
  ["consent_required", ["ConsentRequired", "Have the person sign in again with prompt=consent"]],
  [
    "timeout",
    [
      "Timeout",
      "Try again. If the problem persists, allow this origin in the sign-in service (Auth0: Allowed Web Origins)"
    ]
  ],
  ["request_error", later],
  ["server_error", later],
  ["temporarily_unavailable", later],
  ["too_many_requests", ["RateLimited", "Wait before the next attempt"]],
  ["access_denied", refused],
  ["unauthorized_client", refused],
  ["invalid_client", refused],
  ["invalid_scope", refused],
  ["missing_scopes", settings],
  ["use_dpop_nonce", settings],
  ["state_mismatch", settings]
])
