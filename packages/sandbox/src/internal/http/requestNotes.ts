import { parseTokenRequest } from "../login/tokenRequest.js"
import type { IncomingRequest } from "./IncomingRequest.js"

/** The operation name in a request, which the endpoint validates. */
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

/** The grant type of a token request. By default machines send their credentials. */
export const grantTypeOf = (request: IncomingRequest): { readonly grantType?: string } => {
  const value = parseTokenRequest(request)?.["grant_type"]
  return value === undefined ? {} : { grantType: value }
}
