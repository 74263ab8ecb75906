/** What a sign-in library or an app's callback fails with, as an `AuthError`. */
import { line, type Secrets } from "@innerspace-metrics/core/HttpExchange"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import { AuthError } from "@innerspace-metrics/core/MetricsError"

/**
 * By the `error` code of OAuth 2.0, OpenID Connect and Auth0's SDK where there is one. Of what was
 * thrown only its code and its text are read, and nothing of it is kept: it may lead to tokens.
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
    problem: `The sign-in gave no access token: ${text === "" ? "no reason given" : text}`,
    hint
  })
}

/** The sign-in has no token to give: nobody is signed in, or not any longer. */
export const signedOut = (): AuthError =>
  new AuthError({
    reason: "SignInRequired",
    problem: "The sign-in gave no access token: nobody is signed in",
    hint: signInHint
  })

const signInHint = "Have the person sign in again"

type Meaning = readonly [reason: AuthError["reason"], hint: string]

const meaningOf = (thrown: unknown, code: unknown, text: string): Meaning => {
  if (typeof code !== "string") {
    return thrown instanceof TypeError
      ? ["Unreachable", "Check the network, and that the sign-in server allows this origin (CORS)"]
      : ["Unavailable", "Try again in a while; if it stays so, see what the sign-in says"]
  }
  // A person cannot mend this by signing in, however often.
  if (code === "login_required" && text.includes("Cross-Origin Isolated")) {
    return [
      "InvalidAnswer",
      "In a cross-origin isolated page a token can be renewed by a refresh token only: set useRefreshTokens"
    ]
  }
  return meanings.get(code) ?? ["InvalidAnswer", "See the code in the sign-in's documentation"]
}

const signIn: Meaning = ["SignInRequired", signInHint]
const refused: Meaning = [
  "CredentialsRefused",
  "Check the application's settings at the sign-in, and what the person may use"
]
const settings: Meaning = [
  "InvalidAnswer",
  "Check the settings of the sign-in: audience, scope, application"
]
const later: Meaning = ["Unavailable", "Try again in a while"]

/**
 * Sources: OpenID Connect Core 3.1.2.6; RFC 6749, 4.1.2.1 and 5.2; auth0-spa-js, `src/errors.ts`.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["login_required", signIn],
  ["interaction_required", signIn],
  ["account_selection_required", signIn],
  ["mfa_required", signIn],
  ["missing_refresh_token", signIn],
  ["invalid_grant", signIn],
  ["consent_required", ["ConsentRequired", "Ask for consent: sign in again with prompt=consent"]],
  [
    "timeout",
    [
      "Timeout",
      "Try again; if it stays so, check that the sign-in allows this origin (Auth0: Allowed Web Origins)"
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
