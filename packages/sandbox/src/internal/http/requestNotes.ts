import { parseTokenRequest } from "../login/tokenRequest.js"
import type { IncomingRequest } from "./IncomingRequest.js"

/** The name that the client gave its operation: whether it is right is the endpoint's business. */
export const operationNameOf = ({ body }: IncomingRequest): { readonly operationName?: string } => {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === "object" &&
      parsed !== null &&
      "operationName" in parsed &&
      typeof parsed.operationName === "string"
      ? { operationName: parsed.operationName }
      : {}
  } catch {
    return {}
  }
}

/** What a token request offers. Without a word of it, machines offer their credentials. */
export const grantTypeOf = (request: IncomingRequest): { readonly grantType?: string } => {
  const value = parseTokenRequest(request)?.["grant_type"]
  return value === undefined ? {} : { grantType: value }
}
