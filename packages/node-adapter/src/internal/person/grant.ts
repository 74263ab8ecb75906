/** The result of a sign-in: the tokens of one person, in the form in which they are kept. */
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type * as Api from "@innerspace-metrics/core/Api"
import {
  isJsonObject,
  isRecord,
  type JsonObject,
  type JsonValue
} from "@innerspace-metrics/core/JsonValue"
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type { Tokens } from "../openid/client.js"

export interface Grant {
  readonly accessToken: Redacted.Redacted<string>
  /** When the tokens were obtained, in epoch milliseconds. */
  readonly obtainedAt: number
  /**
   * The lifetime of the access token, in seconds from `obtainedAt`. If it is `undefined`, the token
   * itself may contain its expiry.
   */
  readonly expiresIn: number | undefined
  readonly refreshToken: Redacted.Redacted<string> | undefined
  /**
   * Whether the refresh token has been sent and no response was stored. The provider may have
   * replaced the token. In that case, the provider treats a second use of the old token as theft
   * and ends the grant.
   */
  readonly isSpent: boolean
  /**
   * Whether the provider replaces refresh tokens. This is assumed until a refresh shows otherwise.
   */
  readonly isRotating: boolean
  /** The claims of the validated ID token. */
  readonly claims: JsonObject | undefined
  /** When the person signed in, in epoch milliseconds. */
  readonly signedInAt: number
}

/** The grant of a sign-in. */
export const fromSignIn = (tokens: Tokens, now: number): Grant => ({
  accessToken: tokens.accessToken,
  obtainedAt: now,
  expiresIn: tokens.expiresIn,
  refreshToken: tokens.refreshToken,
  isSpent: false,
  isRotating: true,
  claims: tokens.claims,
  signedInAt: now
})

/** The grant after a refresh. */
export const refreshed = (grant: Grant, tokens: Tokens, now: number): Grant => ({
  ...grant,
  accessToken: tokens.accessToken,
  obtainedAt: now,
  expiresIn: tokens.expiresIn,
  refreshToken: tokens.refreshToken ?? grant.refreshToken,
  isSpent: false,
  isRotating: tokens.refreshToken !== undefined,
  claims: tokens.claims ?? grant.claims
})

/** The access token of a grant. `isShared` says whether another process obtained the token. */
export const accessTokenOf = (
  { accessToken, expiresIn, obtainedAt }: Grant,
  header: Api.Api["credential"],
  isShared: boolean
): Effect.Effect<AccessToken.AccessToken, AuthError> =>
  AccessToken.make({
    value: accessToken,
    header,
    obtainedAt: DateTime.unsafeMake(obtainedAt),
    isShared,
    ...(expiresIn === undefined ? {} : { expiresIn })
  })

const format = 1

/**
 * The grant as base64url of JSON. This form is a valid credential, so every token store accepts it.
 */
export const encode = (
  grant: Grant,
  header: Api.Api["credential"]
): Effect.Effect<AccessToken.AccessToken, AuthError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    AccessToken.make({
      value: Redacted.make(
        Buffer.from(
          JSON.stringify({
            ...grant,
            format,
            accessToken: Redacted.value(grant.accessToken),
            refreshToken:
              grant.refreshToken === undefined ? null : Redacted.value(grant.refreshToken)
          })
        ).toString("base64url")
      ),
      header,
      obtainedAt: DateTime.unsafeMake(now)
    })
  )

/** The grant in a stored text, or `undefined` if the text is not a grant of this format. */
export const decode = (stored: AccessToken.AccessToken): Grant | undefined => {
  const json = parse(Buffer.from(Redacted.value(stored.value), "base64url").toString("utf8"))
  if (!isJsonObject(json) || json["format"] !== format) return undefined
  const { accessToken, claims, expiresIn, obtainedAt, refreshToken, signedInAt } = json
  if (
    typeof accessToken !== "string" ||
    typeof obtainedAt !== "number" ||
    typeof signedInAt !== "number"
  ) {
    return undefined
  }
  return {
    accessToken: Redacted.make(accessToken),
    obtainedAt,
    expiresIn: typeof expiresIn === "number" ? expiresIn : undefined,
    refreshToken: typeof refreshToken === "string" ? Redacted.make(refreshToken) : undefined,
    isSpent: json["isSpent"] === true,
    isRotating: json["isRotating"] !== false,
    claims: isRecord(claims) ? claims : undefined,
    signedInAt
  }
}

const parse = (text: string): JsonValue | undefined =>
  Either.getOrUndefined(Either.try((): JsonValue => JSON.parse(text)))
