/**
 * Imitates a person who uses a web app, with a browser that visits the app and the sandbox's
 * provider.
 */
import type { WebSessions } from "@innerspace-metrics/node-adapter"
import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { makeBrowser } from "./person.js"

export const appUrl = "http://localhost:3000"

export interface User {
  readonly cookies: Map<string, string>
  readonly setCookies: Array<string>
  readonly request: (path: string, init?: RequestInit) => Request
  /** Visits an address of the app, and returns its response. */
  readonly visit: (
    url: string,
    init?: { readonly method?: string; readonly origin?: string }
  ) => Promise<Response>
  /**
   * Signs in at the provider, and returns the address of the app to which the provider redirects.
   * Does not visit this address.
   */
  readonly signInUpToCallback: (returnTo: string, person: Sandbox.Person) => Promise<string>
  readonly signIn: (returnTo: string, person: Sandbox.Person) => Promise<Response>
  readonly signOut: () => Promise<Response>
}

/**
 * Signs in at the provider's page, and returns the address of the app to which the provider
 * redirects.
 */
export const callbackOf = async (url: string, person: Sandbox.Person): Promise<string> => {
  const browser = makeBrowser()
  const form = await browser.open(url)
  const action = /<form[^>]* action="([^"]+)"/.exec(form.text)?.[1] ?? ""
  let page = await browser.request(new URL(action, form.url).href, {
    username: person.username,
    password: Redacted.value(person.password)
  })
  while (page.location !== undefined && !page.location.startsWith(appUrl)) {
    page = await browser.request(page.location)
  }
  return page.location ?? ""
}

export const makeUser = (
  sessions: WebSessions.WebSessions,
  cookies = new Map<string, string>()
): User => {
  const setCookies: Array<string> = []
  const request: User["request"] = (path, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "))
    return new Request(new URL(path, appUrl), { ...init, headers })
  }
  const visit: User["visit"] = async (url, { method = "GET", origin } = {}) => {
    const response = Option.getOrThrow(
      await Effect.runPromise(
        sessions.handle(
          request(url, { method, ...(origin === undefined ? {} : { headers: { origin } }) })
        )
      )
    )
    for (const cookie of response.headers.getSetCookie()) {
      setCookies.push(cookie)
      const [pair = ""] = cookie.split(";")
      const name = pair.slice(0, pair.indexOf("="))
      if (cookie.includes("Max-Age=0")) cookies.delete(name)
      else cookies.set(name, pair.slice(name.length + 1))
    }
    return response
  }
  const signInUpToCallback: User["signInUpToCallback"] = async (returnTo, person) => {
    const login = await visit(`/login?${new URLSearchParams({ returnTo })}`)
    return callbackOf(login.headers.get("location") ?? "", person)
  }
  return {
    cookies,
    setCookies,
    request,
    visit,
    signInUpToCallback,
    signIn: async (returnTo, person) => visit(await signInUpToCallback(returnTo, person)),
    signOut: () => visit("/logout", { method: "POST", origin: appUrl })
  }
}
