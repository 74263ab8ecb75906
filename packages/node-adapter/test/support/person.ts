/** Imitates a person with a browser, for sign-ins at the sandbox. */
import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

interface Page {
  readonly status: number
  readonly url: string
  readonly text: string
  readonly location: string | undefined
}

export interface Browser {
  /** Opens an address, and follows redirects until a page arrives. */
  readonly open: (url: string) => Promise<Page>
  /** Opens an address without following a redirect. */
  readonly request: (
    url: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>
  ) => Promise<Page>
  /** Sends the form of a page with these fields, and follows redirects. */
  readonly submit: (page: Page, fields: Readonly<Record<string, string>>) => Promise<Page>
  /** All cookies, by host and name. */
  readonly cookies: Map<string, string>
  /** Returns another browser with a copy of the cookies. */
  readonly copy: () => Browser
}

export const makeBrowser = (cookies = new Map<string, string>()): Browser => {
  const request: Browser["request"] = async (url, fields, headers = {}) => {
    const { host } = new URL(url)
    const own = [...cookies].filter(([key]) => key.startsWith(`${host} `))
    const response = await fetch(url, {
      redirect: "manual",
      headers: {
        ...headers,
        cookie: own.map(([key, value]) => `${key.slice(host.length + 1)}=${value}`).join("; ")
      },
      ...(fields === undefined ? {} : { method: "POST", body: new URLSearchParams(fields) })
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";")
      const name = pair.slice(0, pair.indexOf("="))
      const isOver = /expires=Thu, 01 Jan 1970|max-age=0/i.test(cookie)
      if (isOver) cookies.delete(`${host} ${name}`)
      else cookies.set(`${host} ${name}`, pair.slice(name.length + 1))
    }
    const location = response.headers.get("location")
    return {
      status: response.status,
      url,
      text: await response.text(),
      location: location === null ? undefined : new URL(location, url).href
    }
  }
  const follow = async (page: Page): Promise<Page> =>
    page.location === undefined ? page : follow(await request(page.location))
  return {
    request,
    open: async (url) => follow(await request(url)),
    submit: async (page, fields) => {
      const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1] ?? ""
      const hidden = [...page.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = "", value = ""]) => [name, value] as const
      )
      return follow(
        await request(new URL(action.replaceAll("&amp;", "&"), page.url).href, {
          ...Object.fromEntries(hidden),
          ...fields
        })
      )
    },
    cookies,
    copy: () => makeBrowser(new Map(cookies))
  }
}

const credentials = (person: Sandbox.Person) => ({
  username: person.username,
  password: Redacted.value(person.password)
})

/** Opens the page of a sign-in and signs in. Returns the last page. */
export const signInAt = (
  url: string,
  person: Sandbox.Person,
  browser = makeBrowser()
): Promise<Page> =>
  browser
    .open(url)
    .then((page) =>
      page.text.includes('name="password"') ? browser.submit(page, credentials(person)) : page
    )

/** Enters the code of a device, and signs in or cancels. */
export const enterCode = (
  { userCode, verificationUri }: { readonly userCode: string; readonly verificationUri: string },
  person: Sandbox.Person | "cancel"
): Effect.Effect<Page> =>
  Effect.promise(async () => {
    const browser = makeBrowser()
    const confirm = await browser.submit(await browser.open(verificationUri), {
      user_code: userCode
    })
    if (person === "cancel") return browser.submit(confirm, { abort: "yes" })
    return browser.submit(await browser.submit(confirm, {}), credentials(person))
  })
