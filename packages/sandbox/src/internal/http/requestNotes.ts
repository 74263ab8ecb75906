import { parseTokenRequest } from "../login/tokenRequest.js"
import type { IncomingRequest } from "./IncomingRequest.js"

/**
 * The operation name in a request. It is not checked here, because the endpoint validates the
 * request.
 */
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

/** The grant type of a token request. A request without a grant type has client credentials. */
export const grantTypeOf = (request: IncomingRequest): { readonly grantType?: string } => {
  const value = parseTokenRequest(request)?.["grant_type"]
  return value === undefined ? {} : { grantType: value }
}
