import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Browser } from "./browser.js"
import type { Answer } from "./client.js"
import { request } from "./client.js"
import { locationOf } from "./openid.js"

/** Reads the form of a page: the URL to which it is sent, and its hidden fields. */
const formOf = (page: Answer, base: string) => ({
  action: new URL(/action="([^"]+)"/.exec(page.text)?.[1] ?? "", base).href,
  fields: Object.fromEntries(
    [...page.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, value]
    )
  )
})

/** Requests a code for a device. */
export const requestCode = (
  sandbox: Sandbox.Service,
  fields: Readonly<Record<string, string>> = {}
): Effect.Effect<Answer, Error> =>
  request(`${sandbox.urls.login}/oauth/device/code`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: sandbox.signIn.nativeClientId,
      scope: "openid profile email offline_access",
      audience: sandbox.signIn.audience,
      ...fields
    })
  })

/** Sends one request for the tokens of a device. */
export const poll = (sandbox: Sandbox.Service, deviceCode: string): Effect.Effect<Answer, Error> =>
  request(`${sandbox.urls.login}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: sandbox.signIn.nativeClientId,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: deviceCode
    })
  })

/** Opens the page, enters the code, and confirms it or cancels. Returns the last page. */
export const enterCode = (
  sandbox: Sandbox.Service,
  browser: Browser,
  userCode: string,
  choice: "confirm" | "cancel" = "confirm"
): Effect.Effect<Answer, Error> =>
  Effect.gen(function* () {
    const base = sandbox.urls.login
    const first = formOf(yield* browser.get(`${base}/activate`), base)
    const second = formOf(
      yield* browser.submit(first.action, { ...first.fields, user_code: userCode }),
      base
    )
    return yield* browser.submit(second.action, {
      ...second.fields,
      ...(choice === "cancel" ? { abort: "yes" } : {})
    })
  })

/** Enters the code and signs a person in. Returns the last page. */
export const connectDevice = (
  sandbox: Sandbox.Service,
  browser: Browser,
  person: Sandbox.Person,
  userCode: string
): Effect.Effect<Answer, Error> =>
  Effect.gen(function* () {
    const base = sandbox.urls.login
    const form = yield* enterCode(sandbox, browser, userCode)
    const submitted = yield* browser.submit(new URL(locationOf(form), base).href, {
      username: person.username,
      password: Redacted.value(person.password)
    })
    return yield* browser.get(new URL(locationOf(submitted), base).href)
  })
