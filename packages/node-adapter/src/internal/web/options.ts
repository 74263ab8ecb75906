/** The options of `WebSessions`, and their valid values. */
import * as Api from "@innerspace-metrics/core/Api"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as Redacted from "effect/Redacted"
import { secretOf } from "../loginKinds.js"
import { signInKinds } from "../person/options.js"

/**
 * The minimum length of the cookie secret, in characters. The key that is derived from the secret
 * has 32 bytes.
 */
const shortestSecret = 32

const isAppUrl = (value: unknown): boolean => {
  if (typeof value !== "string" || !URL.canParse(value)) return false
  const url = new URL(value)
  return (
    (url.protocol === "https:" || (url.protocol === "http:" && Api.isLoopback(url))) &&
    url.pathname === "/" &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
  )
}

const textOf = (value: unknown): string => {
  const text = Redacted.isRedacted(value) ? secretOf(value) : undefined
  return typeof text === "string" ? text : ""
}

const isPath = (value: unknown): boolean =>
  typeof value === "string" && /^\/[\w./-]*$/.test(value) && !value.startsWith("//")

const path: LayerOptions.Kinds[string] = [isPath, "a path, such as /login"]

export const kinds: LayerOptions.Kinds = {
  ...signInKinds,
  clientSecret: [(value) => textOf(value) !== "", "Redacted.make of the client secret", {}],
  cookieSecret: [
    (value) => textOf(value).length >= shortestSecret,
    `Redacted.make of at least ${shortestSecret} random characters`,
    {}
  ],
  appUrl: [
    isAppUrl,
    "the https address of the app without a path, such as https://app.example.com"
  ],
  "sessionLifetime?": [LayerOptions.isDurationAboveZero, "a duration above 0, such as 12 hours"],
  "maxSessions?": [
    (value) => Number.isInteger(value) && Number(value) > 0,
    "a whole number above 0"
  ],
  "paths?": [isRecord, "an object", { "login?": path, "callback?": path, "logout?": path }],
  "client?": [isRecord, "an object", LayerOptions.client],
  // This check accepts any value, because the code that chooses the API checks the option.
  "api?": () => true,
  "baseUrl?": [(value) => typeof value === "string", "a string"]
}
