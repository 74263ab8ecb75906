import { createHash, timingSafeEqual } from "node:crypto"
import * as Effect from "effect/Effect"
import type { ApiName } from "../ApiName.js"
import * as HasuraError from "../graphql/HasuraError.js"
import type { Answer } from "../http/Answer.js"
import { json } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { LifetimeSettings } from "../Lifetimes.js"
import type { TokenAuthority } from "./TokenAuthority.js"
import { audience } from "./TokenAuthority.js"
import { parseTokenRequest } from "./tokenRequest.js"

export interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

/**
 * The token endpoints of the three generations. If the vendor does not document a rejection, the
 * rejection is like Auth0's.
 *
 * A body may contain further keys, such as `grant_type`. If the vendor's endpoint is a REST
 * endpoint of Hasura, it rejects keys that its query does not declare. It is not known which keys
 * the query declares.
 */
export const make =
  (authority: TokenAuthority, lifetimes: LifetimeSettings, credentials: Credentials) =>
  (api: ApiName, request: IncomingRequest): Effect.Effect<Answer> => {
    if (request.method !== "POST") {
      const error = HasuraError.make("method-not-allowed", "Allowed methods: POST", { status: 405 })
      return Effect.succeed(json(405, HasuraError.restBody(error), { allow: "POST" }))
    }
    const fields = parseTokenRequest(request)
    if (fields === undefined) {
      return Effect.succeed(
        refuse(400, "invalid_request", "The body is neither a JSON object nor form fields")
      )
    }
    if (
      !sameText(fields["client_id"], credentials.clientId) ||
      !sameText(fields["client_secret"], credentials.clientSecret)
    ) {
      return Effect.succeed(refuse(401, "access_denied", "Unauthorized"))
    }
    const grantType = fields["grant_type"]
    if (grantType !== undefined && grantType !== "client_credentials") {
      return Effect.succeed(
        refuse(403, "unauthorized_client", `Grant type '${grantType}' not allowed for the client.`)
      )
    }
    if (api === "v2" && fields["audience"] !== audience) {
      return Effect.succeed(
        fields["audience"] === undefined
          ? // An assumption: the vendor only documents that the audience is sent.
            refuse(400, "invalid_request", "Missing required parameter: audience")
          : refuse(
              403,
              "access_denied",
              `Client is not authorized to access "${fields["audience"]}". ` +
                `You need to create a "client-grant" associated to this API.`
            )
      )
    }
    return issue(authority, lifetimes, api, credentials.clientId)
  }

const issue = (
  authority: TokenAuthority,
  lifetimes: LifetimeSettings,
  api: ApiName,
  clientId: string
): Effect.Effect<Answer> => {
  switch (api) {
    case "v1":
      return Effect.map(authority.issueJwt(api, clientId), (token) =>
        grant({
          access_token: token,
          // The vendor documents only `access_token`. It is an assumption that v1 also sends the
          // lifetime.
          expires_in: lifetimes.current().token,
          token_type: "Bearer"
        })
      )
    case "v1.5":
      return Effect.map(authority.issueJwt(api, clientId), (token) =>
        grant({ oauth_token: { access_token: token } })
      )
    case "v2":
      return Effect.sync(() => grant({ session_id: authority.issueSession() }))
  }
}

const noStore = { "cache-control": "no-store" }

const grant = (body: unknown): Answer => json(200, body, noStore)

const refuse = (status: number, error: string, description: string): Answer =>
  json(status, { error, error_description: description }, noStore)

/** Compares digests, so that the duration of the comparison does not depend on the secret. */
const sameText = (given: string | undefined, expected: string): boolean =>
  given !== undefined && timingSafeEqual(digest(given), digest(expected))

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()
