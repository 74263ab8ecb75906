/** A person with a browser, reduced to the steps that a sign-in at the sandbox needs. */
import type { Address } from "../messages.js"

interface Page {
  readonly url: string
  readonly text: string
  readonly location: string | undefined
}

/**
 * A browser that follows redirects. It stops before an address that begins with `stopAt`, and
 * returns this address.
 */
interface Browser {
  readonly open: (url: string, stopAt?: string) => Promise<Page>
  readonly submit: (
    page: Page,
    fields: Readonly<Record<string, string>>,
    stopAt?: string
  ) => Promise<Page>
}

const makeBrowser = (): Browser => {
  const cookies = new Map<string, string>()
  const request = async (url: string, fields?: Readonly<Record<string, string>>): Promise<Page> => {
    const response = await fetch(url, {
      redirect: "manual",
      headers: {
        connection: "close",
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
      },
      ...(fields === undefined ? {} : { method: "POST", body: new URLSearchParams(fields) })
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";")
      const at = pair.indexOf("=")
      if (cookie.includes("1970")) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get("location")
    return {
      url,
      text: await response.text(),
      location: location === null ? undefined : new URL(location, url).href
    }
  }
  const follow = async (page: Page, stopAt: string | undefined): Promise<Page> =>
    page.location === undefined || (stopAt !== undefined && page.location.startsWith(stopAt))
      ? page
      : follow(await request(page.location), stopAt)
  return {
    open: async (url, stopAt) => follow(await request(url), stopAt),
    submit: async (page, fields, stopAt) => {
      const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1] ?? ""
      const hidden = [...page.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = "", value = ""]) => [name, value] as const
      )
      const sent = { ...Object.fromEntries(hidden), ...fields }
      return follow(await request(new URL(action, page.url).href, sent), stopAt)
    }
  }
}

/** Signs in at the provider's page, and returns the address that it redirects to. */
export const signInAt = async (
  url: string,
  { signIn: { password, username } }: Address
): Promise<string> => {
  const browser = makeBrowser()
  const app = new URL(url).searchParams.get("redirect_uri") ?? ""
  const page = await browser.submit(await browser.open(url), { username, password }, app)
  return page.location ?? ""
}

/** Enters the code of a device, and signs in. */
export const enterCode = async (
  page: string,
  user_code: string,
  { signIn: { password, username } }: Address
): Promise<void> => {
  const browser = makeBrowser()
  const confirm = await browser.submit(await browser.open(page), { user_code })
  await browser.submit(await browser.submit(confirm, {}), { username, password })
}
