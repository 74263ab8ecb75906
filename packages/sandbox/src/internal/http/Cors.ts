import type { Answer } from "./Answer.js"
import { empty } from "./Answer.js"

/** The permissions that pages of other origins have by cross-origin resource sharing (CORS). */
export interface Cors {
  /** The response to a preflight request, or `undefined` for other requests. */
  readonly preflight: (
    method: string,
    headers: Readonly<Record<string, string>>
  ) => Answer | undefined
  /**
   * Whether a request may control the sandbox. The request must come from a page of the same host
   * or of an allowed origin, or not come from a page. The origin `null` does not identify a site,
   * because any site can have a frame with this origin. Even if `null` is allowed, its pages may
   * only use the API.
   */
  readonly mayControl: (headers: Readonly<Record<string, string>>) => boolean
  /**
   * Headers of every response, including errors, so that a page of an allowed origin can read the
   * response.
   */
  readonly headers: (origin: string | undefined) => Readonly<Record<string, string>>
}

const allowedMethods = "GET, POST, DELETE, OPTIONS"

/**
 * The request headers that pages may send. The list is an assumption: Hasura allows any header that
 * a browser asks for, but a gateway in front of Hasura may allow only some headers. auth0-spa-js
 * sends the last of these headers to the token endpoint.
 */
const allowedHeaders = "authorization, content-type, x-session-id, x-request-id, auth0-client"

/**
 * The response headers that pages may read. Hasura allows none. It is assumed that the vendor's
 * server allows the headers that ask a client to wait.
 */
const exposedHeaders = "retry-after, x-ratelimit-reset"

/**
 * How many seconds browsers may cache a preflight response. Hasura's value is 20 days, but browsers
 * cache the response for at most two hours.
 */
const maxAgeSeconds = "1728000"

/** Allows only the given origins. Without a list, allows the origins of this machine. */
export const make = (allowedOrigins: ReadonlyArray<string> | undefined): Cors => {
  const isAllowed = (origin: string): boolean =>
    allowedOrigins === undefined ? isLoopback(origin) : allowedOrigins.includes(origin)
  return {
    preflight: (method, headers) => {
      const origin = headers["origin"]
      if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) {
        return undefined
      }
      return origin !== undefined && isAllowed(origin)
        ? {
            status: 204,
            headers: {
              "access-control-allow-methods": allowedMethods,
              "access-control-allow-headers": allowedHeaders,
              "access-control-max-age": maxAgeSeconds
            },
            body: ""
          }
        : empty(204)
    },
    mayControl: (headers) => {
      const origin = headers["origin"]
      if (origin !== undefined) return origin !== "null" && isAllowed(origin)
      // A request for a link, an image or a script has no header `origin`. Browsers send the header
      // `sec-fetch-site` with such a request. This header compares the site of the request with the
      // site of the page.
      const site = headers["sec-fetch-site"]
      return site === undefined || site === "none" || site === "same-origin"
    },
    headers: (origin) =>
      origin !== undefined && isAllowed(origin)
        ? {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": exposedHeaders,
            vary: "Origin"
          }
        : { vary: "Origin" }
  }
}

/** Whether a URL belongs to this machine, on any port. */
export const isLoopback = (url: string): boolean => {
  const { hostname, protocol } = URL.canParse(url)
    ? new URL(url)
    : { hostname: undefined, protocol: undefined }
  return (
    (protocol === "http:" || protocol === "https:") &&
    (hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]")
  )
}
