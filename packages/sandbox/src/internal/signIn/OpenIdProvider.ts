import { randomBytes } from "node:crypto"
import type { Configuration, KoaContextWithOIDC } from "oidc-provider"
import Provider, { errors, interactionPolicy } from "oidc-provider"
import type { LifetimeSettings } from "../Lifetimes.js"
import * as HasuraClaims from "../login/HasuraClaims.js"
import type { SigningKey } from "../login/SigningKey.js"
import type { TokenAuthority } from "../login/TokenAuthority.js"
import { audience } from "../login/TokenAuthority.js"
import * as Clients from "./clients.js"
import { deviceFlow } from "./devicePages.js"
import * as OfflineAccess from "./OfflineAccess.js"
import { extraParams } from "./organizations.js"
import * as Pages from "./Pages.js"
import type { ProviderStore } from "./ProviderStore.js"
import { bySubject, profileOf } from "./people.js"
import { signInForm } from "./signInForm.js"

export interface Options {
  readonly lifetimes: LifetimeSettings
  readonly key: SigningKey
  readonly tokens: TokenAuthority
  readonly store: ProviderStore
  readonly issuer: string
  readonly sessionCookie: string
}

/** The known scopes of OpenID Connect. As in Auth0, other scopes are not granted. */
const scope = "openid profile email"

/**
 * The OpenID provider with Auth0's paths and parameters. A request has an `audience` instead of a
 * resource indicator. The scope `offline_access` gives a refresh token without a consent page.
 */
export const make = (options: Options): Provider => {
  const provider = new Provider(options.issuer, configuration(options))
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: { readonly clientId: string }, url: string) {
      return Clients.mayReturnTo(this.clientId, url)
    }
  })
  provider.use(signInForm(provider, options.store))
  return provider
}

const configuration = (options: Options): Configuration => {
  const { issuer, key, lifetimes, sessionCookie, store, tokens } = options
  const day = 86_400
  const policy = interactionPolicy.base()
  policy.remove("consent")
  return {
    adapter: store.adapter,
    jwks: { keys: [key.privateJwk] },
    clients: [...Clients.metadata],
    responseTypes: ["code"],
    scopes: [...scope.split(" "), OfflineAccess.scope],
    claims: {
      openid: ["sub"],
      profile: ["name", "nickname"],
      email: ["email", "email_verified"]
    },
    // Auth0 always puts the claims into the ID token.
    conformIdTokenClaims: false,
    discovery: { end_session_endpoint: `${issuer}oidc/logout` },
    extraParams: {
      ...extraParams,
      audience: null,
      [OfflineAccess.parameter]: null
    },
    routes: {
      authorization: "/authorize",
      code_verification: "/activate",
      device_authorization: "/oauth/device/code",
      jwks: "/.well-known/jwks.json",
      revocation: "/oauth/revoke",
      token: "/oauth/token",
      userinfo: "/userinfo"
    },
    interactions: {
      policy,
      url: (_context, { uid }) => `/u/login?state=${uid}`
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow,
      rpInitiatedLogout: { enabled: false },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (context) => audienceOf(context) ?? [],
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== audience) throw serviceNotFound(resource)
          return { audience, scope, accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } }
        }
      },
      webMessageResponseMode: { enabled: true, ack: "individual-draft-01" }
    },
    formats: {
      customizers: {
        jwt: (_context, _token, jwt) => {
          const { client_id, ...payload } = jwt.payload
          return Object.assign(jwt, {
            header: { typ: "JWT" },
            payload: {
              ...payload,
              aud: [audience, `${issuer}userinfo`],
              azp: client_id,
              jti: tokens.newPersonTokenId(Number(payload["exp"]) - Number(payload["iat"]))
            }
          })
        }
      }
    },
    extraTokenClaims: (_context, token) => {
      const account = "accountId" in token ? bySubject(token.accountId) : undefined
      return account === undefined ? {} : { [HasuraClaims.namespace]: HasuraClaims.write(account) }
    },
    findAccount: (_context, subject) => {
      const account = bySubject(subject)
      return account === undefined
        ? undefined
        : {
            accountId: subject,
            claims: () => profileOf(account)
          }
    },
    loadExistingGrant: async (context) => {
      const { client, params, provider, session } = context.oidc
      const grant = new provider.Grant({
        ...(client === undefined ? {} : { clientId: client.clientId }),
        ...(session?.accountId === undefined ? {} : { accountId: session.accountId })
      })
      grant.addOIDCScope(
        OfflineAccess.isRequested(params) ? `${scope} ${OfflineAccess.scope}` : scope
      )
      const resource = audienceOf(context)
      if (resource !== undefined) grant.addResourceScope(resource, scope)
      await grant.save()
      return grant
    },
    issueRefreshToken: (context) =>
      Promise.resolve(
        context.oidc.entities.Grant?.getOIDCScope().split(" ").includes(OfflineAccess.scope) ??
          false
      ),
    rotateRefreshToken: true,
    // As in Auth0, a refresh token remains valid after the end of the session in which it was
    // issued.
    expiresWithSession: () => Promise.resolve(false),
    pkce: { required: () => true },
    cookies: {
      // By default, the library makes cookies for pages of other sites. Browsers accept such
      // cookies only over HTTPS.
      long: { httpOnly: true, overwrite: true, sameSite: "lax", signed: true },
      // All ports of a host share cookies, so each sandbox needs its own names of cookies.
      names: {
        session: sessionCookie,
        interaction: `${sessionCookie}.interaction`,
        resume: `${sessionCookie}.resume`
      },
      keys: [randomBytes(32).toString("base64url")]
    },
    ttl: {
      AccessToken: () => lifetimes.current().token,
      AuthorizationCode: 60,
      // A device code is valid for 15 minutes, as with Auth0.
      DeviceCode: 900,
      Grant: () => 365 * day,
      IdToken: 10 * 3600,
      Interaction: 3600,
      RefreshToken: () => lifetimes.current().refreshToken,
      Session: () => lifetimes.current().session
    },
    renderError: (context, { error, error_description: description }) => {
      context.type = "html"
      context.body = Pages.problem(error, description ?? "")
    }
  }
}

const audienceOf = ({ oidc }: KoaContextWithOIDC): string | undefined => {
  const value = oidc.params?.["audience"]
  return typeof value === "string" ? value : undefined
}

const serviceNotFound = (resource: string): Error =>
  new errors.CustomOIDCProviderError("access_denied", `Service not found: ${resource}`)
