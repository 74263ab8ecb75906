/**
 * Encrypts the data that a browser keeps for the server until the provider responds to a sign-in.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"
import * as Either from "effect/Either"
import type * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export interface Seal {
  readonly close: (text: string, name: string) => string
  /** `None` for a text that was not encrypted under this name with this secret. */
  readonly open: (sealed: string, name: string) => Option.Option<string>
}

const algorithm = "aes-256-gcm"

const ivLength = 12

const tagLength = 16

/**
 * Encrypts with AES-256-GCM. The cookie's name is authenticated too, so that the value of another
 * cookie is not accepted.
 */
export const make = (secret: Redacted.Redacted<string>): Seal => {
  const key = Buffer.from(
    hkdfSync("sha256", Redacted.value(secret), "", "innerspace-metrics/sign-in/1", 32)
  )
  return {
    close: (text, name) => {
      const iv = randomBytes(ivLength)
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")
    },
    open: (sealed, name) =>
      Either.getRight(
        Either.try(() => {
          const bytes = Buffer.from(sealed, "base64url")
          const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength))
            .setAAD(Buffer.from(name))
            .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
          const body = bytes.subarray(ivLength + tagLength)
          return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8")
        })
      )
  }
}
