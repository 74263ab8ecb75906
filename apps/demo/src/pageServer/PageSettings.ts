/** The settings that the page reads from `settings.json`. They contain no secret. */
import * as Api from "@innerspace-metrics/core/Api"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Config from "effect/Config"
import type * as Option from "effect/Option"

export interface PageSettings {
  readonly urls: { readonly v1: string; readonly "v1.5": string }
  /** A single-page application of an Auth0 tenant, or of the sandbox. */
  readonly auth0: {
    readonly domain: string
    readonly clientId: string
    readonly audience: string
  }
  readonly sandbox?: {
    readonly controlUrl: string
    readonly people: ReadonlyArray<{ readonly username: string; readonly sees: string }>
  }
}

/** The settings for a page that uses the sandbox of the demo. */
export const fromSandbox = ({ signIn, urls }: Sandbox.Service): PageSettings => ({
  urls: { v1: urls.v1, "v1.5": urls["v1.5"] },
  auth0: { domain: urls.login, clientId: signIn.clientId, audience: signIn.audience },
  sandbox: {
    controlUrl: urls.v1,
    people: Object.values(signIn.people).map(({ username, buildingIds }) => ({
      username,
      sees: buildingIds === null ? "everything" : `only building ${buildingIds.join(", ")}`
    }))
  }
})

/**
 * The settings for a page that uses the real API, or none if the environment names no Auth0
 * application for the sign-in.
 */
export const config: Config.Config<Option.Option<PageSettings>> = Config.all({
  domain: Config.string("INNERSPACE_AUTH0_DOMAIN"),
  clientId: Config.string("INNERSPACE_AUTH0_CLIENT_ID"),
  audience: Config.string("INNERSPACE_AUTH0_AUDIENCE")
}).pipe(
  Config.map((auth0) => ({
    urls: { v1: Api.v1.baseUrl, "v1.5": Api.v1_5.baseUrl },
    auth0
  })),
  Config.option
)
