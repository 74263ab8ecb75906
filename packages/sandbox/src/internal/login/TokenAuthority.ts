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
   * A new id for a person's token. The OpenID provider signs this token with the sandbox's key. The
   * id contains the expiry by the sandbox's clock, and the API rejects the token after this time.
   * The expiry claim in the token is in real time, because browsers read it.
   */
  readonly newPersonTokenId: (lifetimeSeconds: number) => string
  /** Issues a person's token like the provider's tokens, for tests of an app without a browser. */
  readonly issuePersonJwt: (person: TokenOwner, clientId: string) => Effect.Effect<string>
  /** Checks a token. Its errors are like Hasura's errors in JWT mode. */
  readonly verifyAuthorization: (
    api: ApiName,
    header: string | undefined
  ) => Effect.Effect<RowPermission, HasuraError.HasuraError>
  /**
   * Checks a session or a person's token. Anything else is rejected with status 401, as a third
   * party observed with the vendor's v2.
   */
  readonly verifySession: (
    header: string | undefined
  ) => Effect.Effect<RowPermission, HasuraError.HasuraError>
  /** The person of a token for `audience`. */
  readonly verifyPerson: (
    token: string,
    audience: string
  ) => Effect.Effect<string, HasuraError.HasuraError>
  /** From now on, rejects every token and session that was issued before. */
  readonly expireAll: () => void
  readonly reset: () => void
}

/** A person for whom a token is issued. */
export interface TokenOwner extends RowPermission {
  readonly subject: string
}

export interface Options {
  readonly clock: SandboxClock
  readonly lifetimes: LifetimeSettings
  readonly key: SigningKey
  /** The issuer of people's tokens. */
  readonly signInIssuer: string
}

const issuer = "https://innerspace-sandbox.local/"

/**
 * The audience of people's tokens, for every generation. The vendor documents it for v2. For the
 * other generations it is an assumption.
 */
export const audience = "https://global-config.innerspace.io"

/** The audience of a machine's token. The vendor does not document the audience for v1 and v1.5. */
const audienceOf = (api: ApiName): string => `https://innerspace-sandbox.local/${api}`

export const make = ({ clock, key, lifetimes, signInIssuer }: Options): TokenAuthority => {
  // Each token and session belongs to a batch. `expireAll` revokes all batches so far and starts a
  // new batch. The id of a token contains the number of its batch, so tokens need not be stored.
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

  const newPersonTokenId = (lifetimeSeconds: number): string =>
    newTokenId((Math.floor(clock.now() / 1000) + lifetimeSeconds) * 1000)

  const issuePersonJwt = (person: TokenOwner, clientId: string) =>
    Effect.promise(() => {
      const lifetime = lifetimes.current().token
      // The times in the token are in real time, not by the sandbox's clock, as in the provider's
      // tokens.
      return new SignJWT({
        [HasuraClaims.namespace]: HasuraClaims.write(person),
        azp: clientId,
        scope: "openid profile email"
      })
        .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: key.id })
        .setIssuer(signInIssuer)
        .setSubject(person.subject)
        .setAudience([audience, `${signInIssuer}userinfo`])
        .setIssuedAt()
        .setExpirationTime(`${lifetime} seconds`)
        .setJti(newPersonTokenId(lifetime))
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
    newPersonTokenId,
    issuePersonJwt,
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
 * The largest number of stored sessions. A session is only a name, so it must be stored. Expired
 * sessions are kept too, because the clock can be set back.
 */
const mostSessions = 100_000

/**
 * The first part of a token's id is the number of its batch. In a person's token the second part is
 * the expiry.
 */
const batchOf = (id = ""): number => Number(/^(\d+)\./.exec(id)?.[1] ?? 0)

const expiryOf = (id = ""): number => Number(/^\d+\.(\d+)\./.exec(id)?.[1] ?? 0)

interface Accepted {
  readonly issuer: string
  readonly audience: string
}

/**
 * The issuer that a token's claims name. It is not trusted until the signature has been checked.
 */
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
 * The words of Hasura's webhook mode. This mode fits a session, which is not a JWT. It is an
 * assumption that the vendor uses this mode.
 */
const sessionRefused = HasuraError.make(
  "access-denied",
  "Authentication hook unauthorized this request",
  { status: 401 }
)

/** The response to an expired token, and the response of the fault `InvalidJwt`. */
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
