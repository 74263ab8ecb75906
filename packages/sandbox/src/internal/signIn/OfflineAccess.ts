import type { IncomingRequest } from "../http/IncomingRequest.js"

/**
 * A parameter that says that an authorization request had the scope `offline_access`. The provider
 * drops this scope unless it may show a consent page. Like Auth0, the sandbox shows no consent page
 * for its own apps, so the parameter keeps the information.
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
  // The provider does not drop this scope from the request of a device.
  (typeof params?.["scope"] === "string" && params["scope"].split(" ").includes(scope))
