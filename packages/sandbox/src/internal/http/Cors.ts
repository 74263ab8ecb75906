import type { Answer } from "./Answer.js"
import { empty } from "./Answer.js"

/** What pages of other origins may do, by the rules of cross-origin resource sharing. */
export interface Cors {
  /** The answer to a browser that asks before it sends; nothing for other requests. */
  readonly preflight: (
    method: string,
    headers: Readonly<Record<string, string>>
  ) => Answer | undefined
  /**
   * Whether a request comes from no page, from a page of the same host, or from one of an allowed
   * origin. `null` is no origin of its own: any site can have a frame that is sent under it, so it
   * is allowed to use the API at most.
   */
  readonly mayControl: (headers: Readonly<Record<string, string>>) => boolean
  /**
   * What every answer carries, errors as well, so that the page of an allowed origin can read it.
   */
  readonly headers: (origin: string | undefined) => Readonly<Record<string, string>>
}

const allowedMethods = "GET, POST, DELETE, OPTIONS"

/**
 * An assumption on the strict side: Hasura allows whatever header a browser asks for, but a gateway
 * in front of it has a list. The last is what auth0-spa-js sends to the token endpoint.
 */
const allowedHeaders = "authorization, content-type, x-session-id, x-request-id, auth0-client"

/**
 * Hasura exposes no header. That a server shows pages the headers by which it says when to come
 * back is an assumption.
 */
const exposedHeaders = "retry-after, x-ratelimit-reset"

/** Hasura's own, 20 days; browsers keep an answer for at most two hours. */
const maxAgeSeconds = "1728000"

/** Only the origins given are allowed; without a list, those of this machine. */
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
      // A link, an image or a script has no origin, but browsers say how far away the page is that
      // has it.
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

/** Whether a URL is one of this machine's, on any port. */
export const isLoopback = (url: string): boolean => {
  const { hostname, protocol } = URL.canParse(url)
    ? new URL(url)
    : { hostname: undefined, protocol: undefined }
  return (
    (protocol === "http:" || protocol === "https:") &&
    (hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]")
  )
}
