import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { JWK } from "jose"
import { exportJWK, generateKeyPair } from "jose"

export const algorithm = "RS256"

/** The key that signs every token of a sandbox. */
export interface SigningKey {
  readonly id: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly privateJwk: JWK
  /** The public keys. */
  readonly jwks: { readonly keys: ReadonlyArray<JWK> }
}

export const make: Effect.Effect<SigningKey> = Effect.promise(async () => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const named = { kid: randomUUID(), alg: algorithm, use: "sig" }
  return {
    id: named.kid,
    privateKey,
    publicKey,
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), ...named }] }
  }
})
