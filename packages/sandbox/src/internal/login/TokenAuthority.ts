import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import { decodeJwt, errors, jwtVerify, SignJWT } from "jose"
import type { ApiName } from "../ApiName.js"
import * as HasuraError from "../graphql/HasuraError.js"
import type { LifetimeSettings } from "../Lifetimes.js"
import type { SandboxClock } from "../SandboxClock.js"
import type { RowPermission } from "./HasuraClaims.js"
import * as HasuraClaims from "./HasuraClaims.js"
import type { SigningKey } from "./SigningKey.js"
import { algorithm } from "./SigningKey.js"

export interface TokenAuthority {
  readonly issueJwt: (api: ApiName, clientId: string) => Effect.Effect<string>
  readonly issueSession: () => string
  /**
   * An id for a token of a person, which the provider issues with the same key. It expires by the
   * sandbox's clock, whatever it says itself: that is for the browser, whose clock is the real one.
   */
  readonly newPersonTokenId: (lifetimeSeconds: number) => string
  /** Refuses as Hasura in JWT mode does. */
  readonly verifyAuthorization: (
    api: ApiName,
    header: string | undefined
  ) => Effect.Effect<RowPermission, HasuraError.HasuraError>
  /**
   * Takes a session, or the token of a person. Refuses with status 401, as a third party saw the
   * vendor's v2 do.
   */
  readonly verifySession: (
    header: string | undefined
  ) => Effect.Effect<RowPermission, HasuraError.HasuraError>
  /** Whose token it is, if it is one that a person got for `audience`. */
  readonly verifyPerson: (
    token: string,
    audience: string
  ) => Effect.Effect<string, HasuraError.HasuraError>
  /** Refuses every token and session that was issued so far. */
  readonly expireAll: () => void
  readonly reset: () => void
}

export interface Options {
  readonly clock: SandboxClock
  readonly lifetimes: LifetimeSettings
  readonly key: SigningKey
  /** Who issues the tokens of people. */
  readonly signInIssuer: string
}

const issuer = "https://innerspace-sandbox.local/"

/**
 * What the tokens of people are for: every generation. The vendor documents it for v2; the rest is
 * an assumption.
 */
export const audience = "https://global-config.innerspace.io"

/** What a token is for. The vendor's audience for v1 and v1.5 is not documented. */
const audienceOf = (api: ApiName): string => `https://innerspace-sandbox.local/${api}`

export const make = ({ clock, key, lifetimes, signInIssuer }: Options): TokenAuthority => {
  // Tokens are of one batch until all are revoked, and the next ones of the next. A token says its
  // batch, so none has to be kept.
  let batch = 1
  let revokedBatch = 0
  const sessions = new Map<string, { readonly expiresAt: number; readonly batch: number }>()

  const newTokenId = (expiresAt?: number): string =>
    [batch, ...(expiresAt === undefined ? [] : [expiresAt]), randomUUID()].join(".")

  const issueJwt = (api: ApiName, clientId: string) =>
    Effect.promise(() => {
      const issuedAt = Math.floor(clock.now() / 1000)
      const claims = {
        [HasuraClaims.namespace]: HasuraClaims.write(HasuraClaims.everything),
        azp: clientId,
        gty: "client-credentials"
      }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: key.id })
        .setIssuer(issuer)
        .setSubject(`${clientId}@clients`)
        .setAudience(audienceOf(api))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimes.current().token)
        .setJti(newTokenId())
        .sign(key.privateKey)
    })

  const verifyJwt = (token: string, accepted: Accepted, now: number) =>
    Effect.tryPromise({
      try: () =>
        jwtVerify(token, key.publicKey, {
          ...accepted,
          algorithms: [algorithm],
          clockTolerance: 0,
          currentDate: new Date(now)
        }),
      catch: (error) => refusal(error, token)
    }).pipe(
      Effect.filterOrFail(
        ({ payload }) => batchOf(payload.jti) > revokedBatch,
        () => invalidJwt("JWTExpired")
      ),
      Effect.map(({ payload }) => payload)
    )

  const verifyPersonJwt = (token: string, audience: string) =>
    Effect.filterOrFail(
      verifyJwt(token, { issuer: signInIssuer, audience }, 0),
      ({ jti }) => expiryOf(jti) > clock.now(),
      () => invalidJwt("JWTExpired")
    )

  const verifyToken = (api: ApiName, token: string) =>
    Effect.flatMap(
      claimedIssuer(token) === signInIssuer
        ? verifyPersonJwt(token, audience)
        : verifyJwt(token, { issuer, audience: audienceOf(api) }, clock.now()),
      (payload) => HasuraClaims.read(payload[HasuraClaims.namespace])
    )

  return {
    issueJwt,
    newPersonTokenId: (lifetimeSeconds) =>
      newTokenId((Math.floor(clock.now() / 1000) + lifetimeSeconds) * 1000),
    issueSession: () => {
      const id = randomUUID()
      sessions.set(id, { batch, expiresAt: clock.now() + lifetimes.current().token * 1000 })
      const [oldest] = sessions.keys()
      if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest)
      return id
    },
    verifyAuthorization: (api, header) => {
      if (header === undefined) return Effect.fail(missingHeader)
      const token = /^bearer ([^\s,]+)$/i.exec(header)?.[1]
      return token === undefined ? Effect.fail(malformedHeader) : verifyToken(api, token)
    },
    verifyPerson: (token, audience) =>
      Effect.map(verifyPersonJwt(token, audience), ({ sub = "" }) => sub),
    verifySession: (header) => {
      if (header?.includes(".")) {
        return Effect.mapError(verifyToken("v2", header), () => sessionRefused)
      }
      const session = header === undefined ? undefined : sessions.get(header)
      return session !== undefined &&
        session.expiresAt > clock.now() &&
        session.batch > revokedBatch
        ? Effect.succeed(HasuraClaims.everything)
        : Effect.fail(sessionRefused)
    },
    expireAll: () => {
      revokedBatch = batch
      batch += 1
    },
    reset: () => {
      revokedBatch = 0
    }
  }
}

/**
 * A session is a mere name, so it has to be kept. One that has expired is kept as well: the clock
 * can be set back.
 */
const mostSessions = 100_000

/**
 * The batch of a token is the first part of its id, the time when a person's expires the second
 * one.
 */
const batchOf = (id = ""): number => Number(/^(\d+)\./.exec(id)?.[1] ?? 0)

const expiryOf = (id = ""): number => Number(/^\d+\.(\d+)\./.exec(id)?.[1] ?? 0)

interface Accepted {
  readonly issuer: string
  readonly audience: string
}

/** Who the token says that it is from; whether it is, its signature tells. */
const claimedIssuer = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

const missingHeader = HasuraError.make(
  "invalid-headers",
  "Missing 'Authorization' or 'Cookie' header in JWT authentication mode"
)

const malformedHeader = HasuraError.make("invalid-headers", "Malformed Authorization header")

/**
 * The words of Hasura's webhook mode, which fits an opaque session; that the vendor uses it is an
 * assumption.
 */
const sessionRefused = HasuraError.make(
  "access-denied",
  "Authentication hook unauthorized this request",
  { status: 401 }
)

/** The one refusal that an expired token gets: also what the fault `InvalidJwt` answers. */
export const invalidJwt = (reason: string): HasuraError.HasuraError =>
  HasuraError.make("invalid-jwt", `Could not verify JWT: ${reason}`)

const refusal = (error: unknown, token: string): HasuraError.HasuraError => {
  if (error instanceof errors.JWTExpired) return invalidJwt("JWTExpired")
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return invalidJwt("JWTNotInAudience")
    if (error.claim === "iss") return invalidJwt("JWTNotInIssuer")
  }
  const parts = token.split(".").length
  return invalidJwt(
    parts === 3
      ? "JWSError JWSInvalidSignature"
      : `JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got ${parts})`
  )
}
