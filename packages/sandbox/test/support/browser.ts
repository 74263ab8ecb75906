import * as Effect from "effect/Effect"
import type { Answer } from "./client.js"
import { request } from "./client.js"

/**
 * Imitates the parts of a browser that a sign-in needs. It stores cookies by path, and does not
 * follow redirects.
 */
export interface Browser {
  readonly get: (url: string) => Effect.Effect<Answer, Error>
  readonly submit: (
    url: string,
    fields: Readonly<Record<string, string>>
  ) => Effect.Effect<Answer, Error>
  readonly cookies: () => ReadonlyArray<string>
  /** Returns another browser with a copy of the cookies. */
  readonly copy: () => Browser
}

interface Cookie {
  readonly value: string
  readonly path: string
}

export const make = (stolen: ReadonlyMap<string, Cookie> = new Map()): Browser => {
  const jar = new Map(stolen)
  const keep = (header: string): void => {
    const [pair = "", ...attributes] = header.split(/; */)
    const settings = new Map(
      attributes.map((attribute) => {
        const [name = "", value = ""] = attribute.split("=")
        return [name.toLowerCase(), value]
      })
    )
    const name = pair.slice(0, pair.indexOf("="))
    // Browsers reject cookies for other sites that are not restricted to HTTPS.
    if (settings.get("samesite")?.toLowerCase() === "none" && !settings.has("secure")) return
    if (settings.get("expires")?.includes("1970")) jar.delete(name)
    else jar.set(name, { value: pair.slice(name.length + 1), path: settings.get("path") ?? "/" })
  }
  const send = (url: string, init: RequestInit) => {
    const { pathname } = new URL(url)
    const cookie = [...jar]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ")
    return Effect.tap(
      request(url, { ...init, redirect: "manual", headers: { accept: "text/html", cookie } }),
      ({ headers }) => Effect.sync(() => headers.getSetCookie().forEach(keep))
    )
  }
  return {
    get: (url) => send(url, {}),
    submit: (url, fields) => send(url, { method: "POST", body: new URLSearchParams(fields) }),
    cookies: () => [...jar.values()].map(({ value }) => value),
    copy: () => make(jar)
  }
}
