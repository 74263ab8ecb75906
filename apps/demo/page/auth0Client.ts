/** Auth0's client for both pages. */
import { Auth0Client } from "@auth0/auth0-spa-js"

/** The settings of the sign-in. */
export interface Auth0Settings {
  readonly domain: string
  readonly clientId: string
  readonly audience: string
}

/**
 * Creates Auth0's client. Tokens stay in memory and are not in storage. After the sign-in, the
 * provider redirects people to `home`.
 */
export const auth0Client = (settings: Auth0Settings, home: string): Auth0Client =>
  new Auth0Client({
    domain: settings.domain,
    clientId: settings.clientId,
    cacheLocation: "memory",
    useRefreshTokens: true,
    // A reload of the page loses the refresh token. The client then gets a token from the provider
    // in a hidden frame.
    useRefreshTokensFallback: true,
    authorizationParams: { redirect_uri: home, audience: settings.audience }
  })
