import type { IncomingRequest } from "../http/IncomingRequest.js"

/** The fields of a token request. */
export type TokenRequest = Readonly<Record<string, string>>

/**
 * Reads a body that is a JSON object or form fields. The content type is ignored. The vendor's v1
 * example in Python sends form fields as `application/json`, and the vendor's v1.5 page shows JSON
 * and form fields.
 */
export const parseTokenRequest = (request: IncomingRequest): TokenRequest | undefined =>
  parseJson(request.body) ?? parseForm(request.body)

const parseJson = (body: string): TokenRequest | undefined => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string")
  )
}

const parseForm = (body: string): TokenRequest | undefined =>
  /^[^\s={}"<>]+=/.test(body) ? Object.fromEntries(new URLSearchParams(body.trim())) : undefined
