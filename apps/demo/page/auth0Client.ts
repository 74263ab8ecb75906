/**
 * Auth0's client as both pages use it.
 */
import { Auth0Client } from "@auth0/auth0-spa-js"

/** Where people sign in. */
export interface Auth0Settings {
  readonly domain: string
  readonly clientId: string
  readonly audience: string
}

/** Tokens stay in memory: none is in storage. The provider sends people back to `home`. */
export const auth0Client = (settings: Auth0Settings, home: string): Auth0Client =>
  new Auth0Client({
    domain: settings.domain,
    clientId: settings.clientId,
    cacheLocation: "memory",
    useRefreshTokens: true,
    // A reload loses the refresh token: then the provider is asked in a frame.
    useRefreshTokensFallback: true,
    authorizationParams: { redirect_uri: home, audience: settings.audience }
  })
