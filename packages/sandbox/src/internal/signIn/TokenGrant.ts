import * as Effect from "effect/Effect"
import type { Answer } from "../http/Answer.js"
import { json, whole } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import { parseTokenRequest } from "../login/tokenRequest.js"
import * as OfflineAccess from "./OfflineAccess.js"

/**
 * Converts a token request to form fields. The provider accepts only form fields, as the standard
 * says. Auth0's own library sends form fields or JSON.
 */
export const asForm = (request: IncomingRequest): IncomingRequest => {
  const fields = parseTokenRequest(request)
  if (fields === undefined) return request
  const { scope, ...others } = fields
  return formOf(request, {
    ...others,
    ...(scope === undefined ? {} : { scope: without(scope, OfflineAccess.scope) })
  })
}

const formOf = (
  request: IncomingRequest,
  fields: Readonly<Record<string, string>>
): IncomingRequest => ({
  ...request,
  headers: {
    ...request.headers,
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded"
  },
  body: new URLSearchParams(fields).toString()
})

const without = (scopes: string, scope: string): string =>
  scopes
    .split(" ")
    .filter((one) => one !== scope)
    .join(" ")

/**
 * Responds to a token request of a person's app. The response comes from the provider, but has
 * Auth0's words.
 */
export const answer = (
  provider: (request: IncomingRequest) => Effect.Effect<Answer>,
  request: IncomingRequest
): Effect.Effect<Answer> =>
  Effect.gen(function* () {
    const answer = yield* provider(asForm(request))
    const body = parse(yield* whole(answer.body))
    if (typeof body["error"] === "string" && deviceErrors.has(body["error"])) {
      return json(403, body, noStore)
    }
    if (body["error"] === "invalid_grant") return invalidGrant(parseTokenRequest(request) ?? {})
    if (typeof body["refresh_token"] !== "string") return answer
    const scope = typeof body["scope"] === "string" ? body["scope"] : ""
    return { ...json(200, { ...body, scope: `${scope} ${OfflineAccess.scope}`.trim() }, noStore) }
  })

/** Errors for which Auth0 uses status 403. The standard requires 400. */
const deviceErrors: ReadonlySet<string> = new Set([
  "authorization_pending",
  "expired_token",
  "access_denied"
])

/**
 * The interval between two polls of a device, in seconds. Auth0 uses this interval, which is also
 * the default of the standard (RFC 8628, section 3.2).
 */
const pollingInterval = 5

/**
 * Responds to the request of a device. The response contains the interval between the device's
 * token requests.
 */
export const device = (
  provider: (request: IncomingRequest) => Effect.Effect<Answer>,
  request: IncomingRequest
): Effect.Effect<Answer> =>
  Effect.gen(function* () {
    // Unlike `asForm`, this keeps the scope `offline_access`, because the provider grants it to a
    // device.
    const fields = parseTokenRequest(request)
    const answer = yield* provider(fields === undefined ? request : formOf(request, fields))
    if (answer.status !== 200) return answer
    const body = parse(yield* whole(answer.body))
    return json(200, { ...body, interval: pollingInterval }, noStore)
  })

const noStore = { "cache-control": "no-store" }

/** The response to an invalid grant. Auth0 uses status 403, although the standard requires 400. */
const invalidGrant = ({ grant_type }: Readonly<Record<string, string>>): Answer =>
  json(
    403,
    {
      error: "invalid_grant",
      error_description:
        grant_type === "refresh_token"
          ? "Unknown or invalid refresh token."
          : "Invalid authorization code"
    },
    noStore
  )

const parse = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
