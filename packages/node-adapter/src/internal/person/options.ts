/** The options of a sign-in, and their valid values. */
import * as Api from "@innerspace-metrics/core/Api"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type * as Redacted from "effect/Redacted"
import { login } from "../loginKinds.js"
import type { Settings } from "../openid/client.js"
import { wrongStores } from "../wrongStores.js"

/** The application in which a person signs in, as registered with the identity provider. */
export interface SignInOptions {
  /**
   * URL of the OpenID provider, such as `https://my-team.eu.auth0.com`. Its endpoints are read from
   * `/.well-known/openid-configuration`.
   */
  readonly issuer: string
  readonly clientId: string
  /**
   * Auth0's `audience`: the API that the tokens are for. Default: the audience of `api`, if there
   * is one.
   */
  readonly audience?: string
  /**
   * The scopes, separated by spaces. Default `openid profile email offline_access`.
   * `offline_access` requests a refresh token.
   */
  readonly scope?: string
  /** Auth0's `organization`, by its id or name. */
  readonly organization?: string
  /** Auth0's `connection`, to skip the choice between several ways to sign in. */
  readonly connection?: string
  /**
   * Further parameters of the authorization request, such as `{ login_hint: "mara@example.com" }`.
   */
  readonly parameters?: Readonly<Record<string, string>>
  /** How far this machine's clock may differ from the provider's clock. Default 30 seconds. */
  readonly clockTolerance?: Duration.DurationInput
  /** The time limit of one request to the provider. Default 10 seconds. */
  readonly timeout?: Duration.DurationInput
  /** The `renewBefore` of `TokenProvider.cached`. Default 2 minutes. */
  readonly renewBefore?: Duration.DurationInput
  /** The `waitBefore` of `TokenProvider.cached`. Default 30 seconds. */
  readonly waitBefore?: Duration.DurationInput
  /**
   * Where the tokens, including the refresh token, are kept between processes, such as
   * `FileTokenStore.make()`. By default, the tokens are not stored, and are lost when the process
   * ends. The store must have a lock if several processes use it, because a refresh token must not
   * be sent twice.
   */
  readonly tokenStore?: TokenStore.TokenStore
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== ""

const isIssuer = (value: unknown): boolean => {
  if (typeof value !== "string" || !URL.canParse(value)) return false
  const url = new URL(value)
  return (
    (url.protocol === "https:" || (url.protocol === "http:" && Api.isLoopback(url))) &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
  )
}

const isDuration = (value: unknown): boolean =>
  LayerOptions.isDurationAboveZero(value) || (value !== undefined && value !== null && value === 0)

export const signInKinds: LayerOptions.Kinds = {
  issuer: [
    isIssuer,
    "the https URL of the identity provider, such as https://my-team.eu.auth0.com"
  ],
  clientId: [isText, "the client id of the application"],
  "audience?": [isText, "the identifier of the API"],
  "scope?": [isText, 'scopes separated by spaces, such as "openid offline_access"'],
  "organization?": [isText, "the id or the name of the organization"],
  "connection?": [isText, "the name of the connection"],
  "parameters?": [
    (value) => isRecord(value) && Object.values(value).every((each) => typeof each === "string"),
    "an object whose values are strings",
    {}
  ],
  "clockTolerance?": [isDuration, "a duration, such as 30 seconds"],
  "timeout?": [LayerOptions.isDurationAboveZero, "a duration above 0"],
  "renewBefore?": [isDuration, "a duration, such as 2 minutes"],
  "waitBefore?": [isDuration, "a duration, such as 30 seconds"],
  ...("tokenStore?" in login ? { "tokenStore?": login["tokenStore?"] } : {})
}

/** The options after their check. */
export interface Checked {
  readonly settings: Settings
  readonly key: TokenStore.Key
  readonly renewBefore: Duration.Duration
  readonly waitBefore: Duration.Duration
}

/** Checks the options, and determines the API that the tokens are for. */
export const check = (
  options: SignInOptions & { readonly clientSecret?: Redacted.Redacted<string> },
  kinds: LayerOptions.Kinds,
  choice: Api.Choice
): Either.Either<Checked, ConfigurationError> =>
  Either.gen(function* () {
    yield* LayerOptions.check(kinds, options)
    const wrongStore = options.tokenStore && wrongStores.get(options.tokenStore)
    if (wrongStore !== undefined) return yield* Either.left(wrongStore)
    const api = yield* Api.choose(choice)
    const audience = options.audience ?? api.token.audience
    const { connection, organization } = options
    return {
      settings: {
        issuer: options.issuer,
        clientId: options.clientId.trim(),
        clientSecret: options.clientSecret,
        scope: options.scope ?? "openid profile email offline_access",
        parameters: {
          ...options.parameters,
          ...(audience === undefined ? {} : { audience }),
          ...(organization === undefined ? {} : { organization }),
          ...(connection === undefined ? {} : { connection })
        },
        clockTolerance: Duration.decode(options.clockTolerance ?? "30 seconds"),
        timeout: Duration.decode(options.timeout ?? "10 seconds")
      },
      key: {
        version: api.version,
        // With this URL, the store keeps a person's tokens separate from the tokens of client
        // credentials, and separate for each organization.
        tokenUrl: `${options.issuer}${organization === undefined ? "" : `#${organization}`}`,
        audience,
        clientId: options.clientId.trim(),
        header: api.credential
      },
      renewBefore: Duration.decode(options.renewBefore ?? "2 minutes"),
      waitBefore: Duration.decode(options.waitBefore ?? "30 seconds")
    }
  })
