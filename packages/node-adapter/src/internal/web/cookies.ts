/** The cookies of a web app's users. No script and no other site can read or set them. */
import { randomBytes } from "node:crypto"

/** The values of the request's cookies, by name. */
export const read = (header: string | null | undefined): ReadonlyMap<string, string> =>
  new Map(
    (header ?? "").split(";").flatMap((pair) => {
      const at = pair.indexOf("=")
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]]
    })
  )

export interface Cookies {
  readonly sessionName: string
  /**
   * The name of the cookie of a sign-in. Each sign-in has its own cookie, so that the sign-ins of
   * two tabs do not disturb each other.
   */
  readonly signInName: (state: string) => string
  readonly isSignIn: (name: string) => boolean
  readonly set: (name: string, value: string, seconds: number) => string
  readonly clear: (name: string) => string
}

/**
 * Makes the names and the attributes of the cookies. The prefix `__Host-` makes browsers reject a
 * cookie that another host of the domain has set. On localhost, all ports share their cookies, so
 * the name of a cookie contains the port.
 */
export const make = (app: URL): Cookies => {
  const isSecure = app.protocol === "https:"
  const prefix = isSecure ? "__Host-innerspace" : `innerspace-${app.port}`
  // Browsers send the cookie with the navigation back from the provider, but not with other
  // requests from other sites.
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`
  const set = (name: string, value: string, seconds: number) =>
    `${name}=${value}; ${attributes}; Max-Age=${Math.max(0, Math.floor(seconds))}`
  return {
    sessionName: `${prefix}-session`,
    signInName: (state) => `${prefix}-sign-in-${state.replace(/[^\w-]/g, "").slice(0, 16)}`,
    isSignIn: (name) => name.startsWith(`${prefix}-sign-in-`),
    set,
    clear: (name) => set(name, "", 0)
  }
}

/** A new session id of 256 random bits. */
export const newId = (): string => randomBytes(32).toString("base64url")

export const isId = (text: string | undefined): text is string =>
  text !== undefined && /^[\w-]{43}$/.test(text)
