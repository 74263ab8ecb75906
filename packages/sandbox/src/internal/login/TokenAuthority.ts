import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { JWK } from "jose"
import { errors, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose"
import type { ApiName } from "../ApiName.js"
import * as HasuraError from "../graphql/HasuraError.js"
import type { SandboxClock } from "../SandboxClock.js"

/** The claims namespace that Hasura looks for by default. */
const claimsNamespace = "https://hasura.io/jwt/claims"

export interface TokenAuthority {
  readonly lifetimeSeconds: number
  readonly jwks: { readonly keys: ReadonlyArray<JWK> }
  readonly issueJwt: (api: ApiName, clientId: string) => Effect.Effect<string>
  readonly issueSession: () => string
  /** Refuses as Hasura in JWT mode does. */
  readonly verifyAuthorization: (
    api: ApiName,
    header: string | undefined
  ) => Effect.Effect<void, HasuraError.HasuraError>
  /** Refuses with status 401, as a third party saw the vendor's v2 do. */
  readonly verifySession: (
    header: string | undefined
  ) => Effect.Effect<void, HasuraError.HasuraError>
  /** Refuses every token and session that was issued so far. */
  readonly expireAll: () => void
  readonly reset: () => void
}

export interface Options {
  readonly clock: SandboxClock
  readonly lifetimeSeconds: number
}

const algorithm = "RS256"
const issuer = "https://innerspace-sandbox.local/"

/** What a token is for. The vendor's audience for v1 and v1.5 is not documented. */
const audienceOf = (api: ApiName): string => `https://innerspace-sandbox.local/${api}`

export const make = (options: Options): Effect.Effect<TokenAuthority> =>
  Effect.promise(async () => {
    const { privateKey, publicKey } = await generateKeyPair(algorithm)
    const keyId = randomUUID()
    const jwk = await exportJWK(publicKey)
    return build(options, privateKey, publicKey, { ...jwk, kid: keyId, alg: algorithm, use: "sig" })
  })

const build = (
  { clock, lifetimeSeconds }: Options,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  jwk: JWK
): TokenAuthority => {
  const keyId = jwk.kid ?? ""
  const issuedIds = new Set<string>()
  const revoked = new Set<string>()
  const sessions = new Map<string, number>()

  const issueJwt = (api: ApiName, clientId: string) =>
    Effect.promise(() => {
      const id = randomUUID()
      issuedIds.add(id)
      const issuedAt = Math.floor(clock.now() / 1000)
      const claims = {
        [claimsNamespace]: {
          "x-hasura-default-role": "customer",
          "x-hasura-allowed-roles": ["customer"]
        },
        azp: clientId,
        gty: "client-credentials"
      }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: keyId })
        .setIssuer(issuer)
        .setSubject(`${clientId}@clients`)
        .setAudience(audienceOf(api))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .setJti(id)
        .sign(privateKey)
    })

  const verifyToken = (api: ApiName, token: string) =>
    Effect.tryPromise({
      try: () =>
        jwtVerify(token, publicKey, {
          algorithms: [algorithm],
          issuer,
          audience: audienceOf(api),
          clockTolerance: 0,
          currentDate: new Date(clock.now())
        }),
      catch: (error) => refusal(error, token)
    }).pipe(
      Effect.filterOrFail(
        ({ payload }) => payload.jti !== undefined && !revoked.has(payload.jti),
        () => invalidJwt("JWTExpired")
      ),
      Effect.filterOrFail(
        ({ payload }) => payload[claimsNamespace] !== undefined,
        () => HasuraError.make("jwt-invalid-claims", `claims key: '${claimsNamespace}' not found`)
      ),
      Effect.asVoid
    )

  return {
    lifetimeSeconds,
    jwks: { keys: [jwk] },
    issueJwt,
    issueSession: () => {
      const id = randomUUID()
      sessions.set(id, clock.now() + lifetimeSeconds * 1000)
      return id
    },
    verifyAuthorization: (api, header) => {
      if (header === undefined) return Effect.fail(missingHeader)
      const token = /^bearer ([^\s,]+)$/i.exec(header)?.[1]
      return token === undefined ? Effect.fail(malformedHeader) : verifyToken(api, token)
    },
    verifySession: (header) => {
      const expiresAt = header === undefined ? undefined : sessions.get(header)
      return expiresAt === undefined || expiresAt <= clock.now() || revoked.has(header ?? "")
        ? Effect.fail(sessionRefused)
        : Effect.void
    },
    expireAll: () => {
      for (const id of issuedIds) revoked.add(id)
      for (const id of sessions.keys()) revoked.add(id)
    },
    reset: () => revoked.clear()
  }
}

const missingHeader = HasuraError.make(
  "invalid-headers",
  "Missing 'Authorization' or 'Cookie' header in JWT authentication mode"
)

const malformedHeader = HasuraError.make("invalid-headers", "Malformed Authorization header")

/** The words of Hasura's webhook mode, which fits an opaque session; that the vendor uses it is an assumption. */
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
