import type { IncomingRequest } from "../http/IncomingRequest.js"

/**
 * The provider drops `offline_access` unless it may show a consent page, which Auth0 does not show
 * for an app of its own tenant. This parameter remembers that the scope was requested.
 */
export const parameter = "offline_access_requested"

export const scope = "offline_access"

/** Marks an authorization request that asks for a refresh token. */
export const remember = (request: IncomingRequest): IncomingRequest => {
  const query = new URL(request.url, "http://localhost").searchParams
  query.delete(parameter)
  if (query.get("scope")?.split(" ").includes(scope)) query.set(parameter, "true")
  return { ...request, url: `${request.path}?${query}` }
}

/** Whether an authorization request, or the request of a device, asked for a refresh token. */
export const isRequested = (params: Readonly<Record<string, unknown>> | undefined): boolean =>
  params?.[parameter] !== undefined ||
  // The provider keeps the scope in the request of a device, which has no prompt.
  (typeof params?.["scope"] === "string" && params["scope"].split(" ").includes(scope))
