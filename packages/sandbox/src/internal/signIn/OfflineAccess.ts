import type { IncomingRequest } from "../http/IncomingRequest.js"

/**
 * The provider forgets `offline_access` unless it may show a page that asks for consent; Auth0
 * shows none to an app of its own tenant. This parameter remembers that the scope was asked for.
 */
export const parameter = "offline_access_requested"

export const scope = "offline_access"

/** Notes on an authorization request whether it asks for a refresh token. */
export const remember = (request: IncomingRequest): IncomingRequest => {
  const query = new URL(request.url, "http://localhost").searchParams
  query.delete(parameter)
  if (query.get("scope")?.split(" ").includes(scope)) query.set(parameter, "true")
  return { ...request, url: `${request.path}?${query}` }
}
