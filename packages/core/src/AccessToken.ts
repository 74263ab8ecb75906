/**
 * Access tokens. An access token has a redacted value, an expiry, and the header that carries the
 * value.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Api } from "./Api.js"
import { eitherFn } from "./internal/eitherGenerator.js"
import { credential, type Kinds, misfit } from "./internal/options/check.js"
import { isAny, isFlag } from "./internal/options/kinds.js"
import { parseJson } from "./internal/parseJson.js"
import { isJsonObject, type JsonObject } from "./JsonValue.js"
import { AuthError } from "./MetricsError.js"

const TypeId: unique symbol = Symbol.for("@innerspace-metrics/core/AccessToken")

type TypeId = typeof TypeId

/**
 * A credential for calls to the API. The value stays `Redacted` until the header is written. Only
 * `make` creates tokens, so every token is valid in a header.
 */
export interface AccessToken {
  readonly [TypeId]: TypeId
  readonly value: Redacted.Redacted<string>
  readonly header: Api["credential"]
  /** When the token was obtained, by this machine's clock. */
  readonly obtainedAt: DateTime.Utc
  /**
   * When the token expires, by this machine's clock. `None` if the token is valid until the API
   * refuses it.
   */
  readonly expiresAt: Option.Option<DateTime.Utc>
  /**
   * Whether another tab or process obtained the token. If the API refuses a shared token, it may
   * still accept a new token.
   */
  readonly isShared: boolean
}

/** The values from which `make` creates an access token. */
interface Options {
  /**
   * Spaces and line breaks around the value are removed, because files and environment variables
   * often end with a line break.
   */
  readonly value: Redacted.Redacted<string>
  readonly header: Api["credential"]
  /**
   * Lifetime in seconds from `obtainedAt`, as a number or as a string of digits. The token endpoint
   * returns it as `expires_in` (RFC 6749, section 5.1).
   *
   * If `expiresIn` is missing or null, the lifetime of a JWT follows from its claims (RFC 7519,
   * section 4.1). The lifetime is the time from `iat` to `exp`, which does not depend on this
   * machine's clock. A JWT without `iat` expires at `exp`. Any other token is valid until the API
   * refuses it.
   */
  readonly expiresIn?: unknown
  /** When the token was obtained. The lifetime begins at this time. Default: now. */
  readonly obtainedAt?: DateTime.Utc
  /** Whether another tab or process obtained the token. Default false. */
  readonly isShared?: boolean
}

/**
 * Checks the parts of an access token, and creates the token.
 *
 * Fails with an `AuthError` (`InvalidAnswer`) in these cases:
 *
 * - The token is empty, or has a character that a header cannot hold.
 * - The lifetime is not a number of seconds above 0 and at most ten years.
 * - The token has already expired.
 *
 * @example
 * ```ts
 * import { AccessToken, Api } from "@innerspace-metrics/core"
 * import * as Redacted from "effect/Redacted"
 *
 * const token = AccessToken.make({
 *   value: Redacted.make("secret"),
 *   header: Api.v1.credential,
 *   expiresIn: 86_400
 * })
 * ```
 */
export const make = (options: Options): Effect.Effect<AccessToken, AuthError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => makeAt(options, now))

const makeAt: (options: Options, now: number) => Either.Either<AccessToken, AuthError> = eitherFn(
  function* (options, now) {
    const found = misfit(kinds, options)
    if (found !== undefined) return yield* invalidToken(found.problem, found.hint)
    const value = yield* checkedValue(options.value)
    const obtainedAt = options.obtainedAt ?? DateTime.unsafeMake(now)
    const expiresAt =
      options.expiresIn === undefined || options.expiresIn === null
        ? expiryOfJwt(Redacted.value(value), obtainedAt.epochMillis)
        : Option.some(obtainedAt.epochMillis + (yield* lifetime(options.expiresIn)) * 1000)
    if (Option.exists(expiresAt, (millis) => millis <= now)) return yield* expired()
    return {
      [TypeId]: TypeId,
      value,
      header: options.header,
      obtainedAt,
      expiresAt: Option.map(expiresAt, DateTime.unsafeMake),
      isShared: options.isShared ?? false
    }
  }
)

const kinds: Kinds = {
  value: [Redacted.isRedacted, "Redacted.make(token)", {}],
  header: credential,
  "expiresIn?": isAny,
  "obtainedAt?": DateTime.isDateTime,
  "isShared?": isFlag
}

/**
 * Returns the claims of a JWT (RFC 7519, section 4), or `None` for any other token. The signature
 * is not verified, because only the API decides whether a token is valid.
 *
 * @example
 * ```ts
 * import { AccessToken } from "@innerspace-metrics/core"
 * import * as Option from "effect/Option"
 *
 * const subject = (token: AccessToken.AccessToken) =>
 *   Option.map(AccessToken.claims(token), (claims) => claims["sub"])
 * ```
 */
export const claims = (token: AccessToken): Option.Option<JsonObject> =>
  claimsOf(Redacted.value(token.value))

/**
 * Whether two tokens have the same value, even if they were obtained at different times.
 *
 * @example
 * ```ts
 * import { AccessToken } from "@innerspace-metrics/core"
 *
 * const isNew = (token: AccessToken.AccessToken, refused: AccessToken.AccessToken) =>
 *   !AccessToken.isSame(token, refused)
 * ```
 */
export const isSame = (one: AccessToken, other: AccessToken): boolean =>
  Redacted.value(one.value) === Redacted.value(other.value)

/**
 * Returns the time that is `window` milliseconds before the expiry of the token, in epoch
 * milliseconds. A `window` that is longer than the token's lifetime divided by `share` is shortened
 * to this quotient: with a `share` of 5, to a fifth of the lifetime. Returns infinity for a token
 * without an expiry.
 *
 * @example
 * ```ts
 * import { AccessToken } from "@innerspace-metrics/core"
 *
 * const isDue = (token: AccessToken.AccessToken, now: number) =>
 *   now >= AccessToken.dueAt(token, 120_000, 5)
 * ```
 */
export const dueAt = (token: AccessToken, window: number, share: number): number =>
  Option.match(token.expiresAt, {
    onNone: () => Number.POSITIVE_INFINITY,
    onSome: (expiresAt) => {
      const lifetime = DateTime.distance(token.obtainedAt, expiresAt)
      return expiresAt.epochMillis - Math.min(window, lifetime / share)
    }
  })

/**
 * The characters of a header value (RFC 9110, section 5.5), without spaces. All characters of
 * `b64token` (RFC 6750) and of session ids are among these characters.
 */
const headerSafe = /^[\x21-\x7e]+$/

const checkedValue = (
  value: Redacted.Redacted<string>
): Either.Either<Redacted.Redacted<string>, AuthError> => {
  const given: unknown = Redacted.value(value)
  const text = typeof given === "string" ? given.trim() : ""
  if (text === "") {
    return invalidToken("The access token is empty", "Check what the token endpoint returns")
  }
  if (!headerSafe.test(text)) {
    return invalidToken(
      "The access token has a character that a header cannot hold, such as a space or a line break",
      "Check what the token endpoint returns"
    )
  }
  return Either.right(text === given ? value : Redacted.make(text))
}

/**
 * Ten years. Auth0's longest lifetime is 30 days. A number of more than ten years is probably a
 * timestamp.
 */
const maxLifetimeSeconds = 10 * 365 * 86_400

const lifetime = (expiresIn: unknown): Either.Either<number, AuthError> => {
  const seconds =
    typeof expiresIn === "string" && /^\d+(?:\.\d+)?$/.test(expiresIn)
      ? Number(expiresIn)
      : expiresIn
  return typeof seconds === "number" && seconds > 0 && seconds <= maxLifetimeSeconds
    ? Either.right(seconds)
    : invalidToken(
        // If the value is not a number, only its type is shown, because it may be a misplaced
        // credential.
        `The lifetime of the access token (expires_in) is ${typeof seconds === "number" ? seconds : `not a number but of type ${typeof seconds}`}`,
        `It must be a number of seconds above 0 and at most ${maxLifetimeSeconds}`
      )
}

/** The expiry of a JWT, in epoch milliseconds. */
const expiryOfJwt = (text: string, obtainedAt: number): Option.Option<number> =>
  Option.flatMap(claimsOf(text), (claims) => {
    const [exp, iat] = [claims["exp"], claims["iat"]]
    if (typeof exp !== "number" || Math.abs(exp) > maxEpochSeconds) return Option.none()
    // If the JWT has `iat`, the lifetime `exp - iat` is used. This lifetime is correct even if the
    // issuer's clock and this machine's clock differ by hours.
    return Option.some(
      typeof iat === "number" && iat < exp && exp - iat <= maxLifetimeSeconds
        ? obtainedAt + (exp - iat) * 1000
        : exp * 1000
    )
  })

const claimsOf = (text: string): Option.Option<JsonObject> => {
  const [, payload, ...rest] = text.split(".", 4)
  if (payload === undefined || rest.length !== 1) return Option.none()
  return decodeBase64Url(payload).pipe(
    Either.flatMap(parseJson),
    Either.getRight,
    Option.filter(isJsonObject)
  )
}

const decodeBase64Url = (text: string): Either.Either<string, unknown> =>
  Either.try(() => {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
  })

/** The last second that a JavaScript date can hold. */
const maxEpochSeconds = 8_640_000_000_000

const invalidToken = (problem: string, hint: string): Either.Either<never, AuthError> =>
  Either.left(new AuthError({ reason: "InvalidAnswer", problem, hint }))

const expired = () =>
  invalidToken(
    "The access token has already expired, by this machine's clock",
    "Check this machine's clock, or pass a newer token"
  )
