/**
 * The generations of the vendor's API (v1, v1.5 and v2), as values. A generation has an address, a
 * token endpoint, and a header that carries the token.
 */
import * as Config from "effect/Config"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { checkOptions, credential, type Kind, type Kinds } from "./internal/options/check.js"
import * as is from "./internal/options/kinds.js"
import { shorten } from "./internal/shorten.js"
import { isRecord } from "./JsonValue.js"
import { ConfigurationError } from "./MetricsError.js"

/** The vendor's names for the generations of its API. */
type Version = "v1" | "v1.5" | "v2"

/**
 * One generation of the vendor's API. To replace a field, use a spread, as in the example of `v1`.
 */
export interface Api {
  readonly version: Version
  /**
   * The scheme and the host, such as `https://api.innerspace.io`. If the requests go to a proxy,
   * the base URL can also have a path.
   */
  readonly baseUrl: string
  /** Path of the GraphQL endpoint, relative to the base URL. */
  readonly graphqlPath: string
  readonly token: TokenEndpoint
  readonly credential: CredentialHeader
  /**
   * Set if the vendor has marked the generation as deprecated. A client then logs a warning, once
   * per process and generation.
   */
  readonly deprecation?: Deprecation
}

/** The vendor's notice that a generation is deprecated. */
interface Deprecation {
  /** The date that the vendor names, as `YYYY-MM-DD`. For v1.5 the vendor names no date. */
  readonly since?: string
}

/** How the API exchanges a client's credentials for a token. */
interface TokenEndpoint {
  /** Path of the token endpoint, relative to the base URL. */
  readonly path: string
  /** Encoding of the request body. The `Content-Type` header always matches this encoding. */
  readonly encoding: "form" | "json"
  /** OAuth 2.0 `grant_type` (RFC 6749, section 4.4.2), if the generation requires one. */
  readonly grantType?: string
  /** Auth0's `audience`, if the generation requires one. */
  readonly audience?: string
  /**
   * The keys under which the response contains the token, from the outermost key to the innermost
   * key.
   */
  readonly answer: readonly [string, ...ReadonlyArray<string>]
}

/** The header that carries the token on calls, such as `authorization: Bearer <token>`. */
interface CredentialHeader {
  /** The header's name, in lower case. */
  readonly name: string
  /** The word before the token, without the space, such as `Bearer`. */
  readonly scheme?: string
}

const bearer: CredentialHeader = { name: "authorization", scheme: "Bearer" }

/**
 * v1, the default: `building_features` and the related tables. The vendor has marked v1 as
 * deprecated since 2025-05-26.
 *
 * This library assumes that the token endpoint accepts a form body, because a comment in the
 * vendor's snippet says "form URL encoded". The snippet itself, however, labels the body as JSON.
 * Source: https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * const json: Api.Api = { ...Api.v1, token: { ...Api.v1.token, encoding: "json" } }
 * ```
 */
export const v1: Api = {
  version: "v1",
  baseUrl: "https://metrics-api.innrspc.com",
  graphqlPath: "/",
  token: { path: "/api/rest/oauth/token", encoding: "form", answer: ["access_token"] },
  credential: bearer,
  deprecation: { since: "2025-05-26" }
}

/**
 * v1.5: `BUILDING_INSIGHTS` and the related tables, with a bearer token. The vendor has marked v1.5
 * as deprecated.
 *
 * Source: https://developers.innerspace.io/authentication
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * Api.v1_5.token.answer // ["oauth_token", "access_token"]
 * ```
 */
export const v1_5: Api = {
  version: "v1.5",
  baseUrl: "https://api.innerspace.io",
  graphqlPath: "/",
  token: {
    path: "/api/rest/oauth/token",
    encoding: "form",
    answer: ["oauth_token", "access_token"]
  },
  credential: bearer,
  deprecation: {}
}

/**
 * v2: `BUILDING_INSIGHTS` and the related tables, with a session id instead of a bearer token.
 *
 * Sources: https://developers.innerspace.io/authentication-v2,
 * https://developers.innerspace.io/api-reference-v2
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * Api.v2.credential.name // "x-session-id"
 * ```
 */
export const v2: Api = {
  version: "v2",
  baseUrl: "https://api.innerspace.io",
  graphqlPath: "/v2/api",
  token: {
    path: "/v2/oauth/token",
    encoding: "json",
    audience: "https://global-config.innerspace.io",
    answer: ["session_id"]
  },
  credential: { name: "x-session-id" }
}

/**
 * Returns the generation with another base URL, such as the URL of a sandbox or a proxy.
 *
 * The URL is checked when a layer is built. It must be absolute, have no credentials, query or
 * fragment, and use `https:` unless its host is loopback.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * const local = Api.withBaseUrl(Api.v1, "http://localhost:4000")
 * ```
 */
export const withBaseUrl = (api: Api, baseUrl: string): Api => ({ ...api, baseUrl })

/**
 * Returns the generation without `deprecation`, so that a client logs no warning about it.
 *
 * @example
 * ```ts
 * import { Api, MetricsClient } from "@innerspace-metrics/core"
 *
 * const client = MetricsClient.layer({ api: Api.withoutDeprecationWarning(Api.v1) })
 * ```
 */
export const withoutDeprecationWarning = ({ deprecation: _, ...api }: Api): Api => api

/**
 * Reads the generation from configuration. `INNERSPACE_API` is `v1` (the default), `v1.5` or `v2`.
 * `INNERSPACE_BASE_URL` replaces the base URL. `INNERSPACE_DEPRECATION_WARNING=false` has the
 * effect of `withoutDeprecationWarning`.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Api.config, (api) => api.baseUrl)
 * ```
 */
export const config: Config.Config<Api> = /* @__PURE__ */ (() =>
  Config.all([
    Config.literal(
      "v1",
      "v1.5",
      "v2"
    )("INNERSPACE_API").pipe(
      Config.withDefault("v1"),
      Config.withDescription("generation of the API: v1, v1.5 or v2")
    ),
    Config.option(Config.nonEmptyString("INNERSPACE_BASE_URL")).pipe(
      Config.withDescription("URL of the API if it is not the vendor's own")
    ),
    Config.boolean("INNERSPACE_DEPRECATION_WARNING").pipe(
      Config.withDefault(true),
      Config.withDescription("whether to warn about a deprecated generation of the API")
    )
  ]).pipe(
    Config.map(([version, baseUrl, isWarned]) => {
      const known = byVersion[version]
      const api = isWarned ? known : withoutDeprecationWarning(known)
      return Option.match(baseUrl, {
        onNone: () => api,
        onSome: (url) => withBaseUrl(api, url)
      })
    })
  ))()

const byVersion = { v1, "v1.5": v1_5, v2 }

/**
 * The options that every client and token source has. These options choose the generation of the
 * API and its address.
 */
export interface Choice {
  /** The generation: its name, or a value such as `{ ...Api.v1, token }`. Default `v1`. */
  readonly api?: Api | Version | undefined
  /** Replaces the base URL of `api`, for a sandbox or a proxy. */
  readonly baseUrl?: string | undefined
}

/**
 * Returns the generation that the options name. Fails with a `ConfigurationError` (`InvalidOption`)
 * for an unknown name. The base URL is checked when a layer is built.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * const local = Api.choose({ api: "v2", baseUrl: "http://localhost:4000" })
 * ```
 */
export const choose = ({ api = v1, baseUrl }: Choice): Either.Either<Api, ConfigurationError> => {
  const chosen = typeof api === "string" && Object.hasOwn(byVersion, api) ? byVersion[api] : api
  if (typeof chosen !== "string" && isRecord(chosen)) {
    return Either.right(baseUrl === undefined ? chosen : { ...chosen, baseUrl })
  }
  return Either.left(
    new ConfigurationError({
      reason: "InvalidOption",
      problem: `api is ${typeof chosen === "string" && /^v?[\d.]{1,5}$/i.test(chosen) ? shorten(chosen) : `of type ${typeof chosen}`}`,
      hint: `Pass ${apiForm}`
    })
  )
}

const apiForm = '"v1", "v1.5", "v2", or a value such as Api.v2'

/**
 * URL of the GraphQL endpoint. Fails with a `ConfigurationError` for a base URL that cannot be
 * used.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * Api.graphqlUrl(Api.v2) // Either.right("https://api.innerspace.io/v2/api")
 * ```
 */
export const graphqlUrl = (api: Api): Either.Either<string, ConfigurationError> =>
  Either.map(checkedBaseUrl(api, kinds), (baseUrl) => baseUrl + api.graphqlPath)

/**
 * URL of the token endpoint. Fails with a `ConfigurationError` for a base URL that cannot be used.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * Api.tokenUrl(Api.v1) // Either.right("https://metrics-api.innrspc.com/api/rest/oauth/token")
 * ```
 */
export const tokenUrl = (api: Api): Either.Either<string, ConfigurationError> =>
  Either.map(checkedBaseUrl(api, { ...kinds, token }), (baseUrl) => baseUrl + api.token.path)

/**
 * Kinds of the fields of an `Api`. Any value of `token` is accepted here, because calls do not use
 * it.
 */
const kinds: Kinds = {
  version: is.isText,
  graphqlPath: is.isPath,
  credential,
  "deprecation?": isRecord,
  "baseUrl?": is.isAny,
  "token?": is.isAny
}

const token: Kind = [
  isRecord,
  undefined,
  {
    path: is.isPath,
    encoding: is.isEncoding,
    "grantType?": is.isText,
    "audience?": is.isText,
    answer: is.isKeys
  }
]

/** The base URL without slashes at its end. */
const checkedBaseUrl = (api: Api, fields: Kinds): Either.Either<string, ConfigurationError> => {
  const checked = checkOptions({ api: [isRecord, apiForm, fields] }, { api })
  if (Either.isLeft(checked)) return Either.left(checked.left)
  // JavaScript callers can pass a value that is not text.
  const url = is.isText(api.baseUrl) && URL.canParse(api.baseUrl) ? new URL(api.baseUrl) : undefined
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return invalidBaseUrl(
      `The base URL ${shorten(withoutSecrets(api.baseUrl))} is not an absolute http or https URL`
    )
  }
  if (url.username !== "" || url.password !== "") {
    return invalidBaseUrl(`The base URL of host ${url.host} holds credentials`)
  }
  if (url.search !== "" || url.hash !== "") {
    return invalidBaseUrl(`The base URL of host ${url.host} has a query or a fragment`)
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    return Either.left(
      new ConfigurationError({
        reason: "InsecureBaseUrl",
        problem: `The base URL ${shorten(api.baseUrl)} would send credentials in clear text`,
        hint: "Use https; http is for localhost, 127.0.0.0/8 and [::1] only"
      })
    )
  }
  return Either.right(url.origin + withoutSlashes(url.pathname))
}

/**
 * Removes slashes at the end of a path. The function uses no regular expression, because the search
 * for such an expression starts again at each slash, which can take long for a path of many
 * slashes.
 */
const withoutSlashes = (path: string): string => {
  let end = path.length
  while (path.charAt(end - 1) === "/") end--
  return path.slice(0, end)
}

/**
 * Removes the parts that can be a password or a key: the text before `@`, and the text after `?` or
 * `#`. A text that is not a valid URL can have these parts too.
 */
const withoutSecrets = (text: unknown): unknown =>
  typeof text === "string" ? text.replace(/^.*@/s, "").replace(/[?#].*$/s, "") : text

const invalidBaseUrl = (problem: string): Either.Either<never, ConfigurationError> =>
  Either.left(
    new ConfigurationError({
      reason: "InvalidBaseUrl",
      problem,
      hint: "Pass scheme and host, such as https://api.innerspace.io"
    })
  )

/**
 * Whether a URL points to this machine: `localhost`, `127.0.0.0/8` or `[::1]`. Plain HTTP is
 * allowed for such a URL, because the requests do not leave the machine.
 *
 * @example
 * ```ts
 * import { Api } from "@innerspace-metrics/core"
 *
 * Api.isLoopback(new URL("http://127.0.0.1:4000")) // true
 * ```
 */
export const isLoopback = ({ hostname }: URL): boolean =>
  // The URL parser has already turned every spelling of an IPv4 address into four decimal numbers.
  /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
