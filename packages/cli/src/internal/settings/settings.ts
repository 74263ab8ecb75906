/**
 * Settings, each with its origin. An option takes precedence over the environment, the environment
 * over the profile, and the profile over the default.
 */
import * as Api from "@innerspace-metrics/core/Api"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Input } from "../frame/command.js"
import { type LocalError, UsageError } from "../frame/failure.js"
import { text } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { didYouMean } from "../program/nearest.js"
import { type Config, type Profile, readConfig } from "./config.js"
import { cacheFolder, pathOf } from "./paths.js"

/** A value, and the name of its origin, such as `INNERSPACE_API`. */
export interface Setting<A> {
  readonly value: A
  readonly from: string
}

export interface Settings {
  readonly config: Config
  readonly profile: Setting<string>
  readonly api: Setting<Api.Api["version"]>
  readonly baseUrl: Setting<string>
  readonly clientId: Setting<string | undefined>
  readonly clientSecret: Setting<Redacted.Redacted<string> | undefined>
  readonly login: Setting<string>
  /** The identity provider where a person signs in, and the parameters of the sign-in. */
  readonly issuer: Setting<string | undefined>
  readonly audience: Setting<string | undefined>
  readonly organization: Setting<string | undefined>
  readonly zone: Setting<string | undefined>
  readonly group: Setting<string>
  /** The folder of tokens. */
  readonly tokenStore: Setting<string>
  /** The generation of the API, with its base URL. */
  readonly chosen: Api.Api
}

const generations = { v1: Api.v1, "v1.5": Api.v1_5, v2: Api.v2 } as const

const defaultProfile = "default"

/** How a profile can log in. */
const logins = ["client-credentials", "device", "browser"]

export const readSettings = (
  world: World,
  input: Pick<Input, "args" | "options"> & { readonly command: Pick<Input["command"], "name"> }
): Effect.Effect<Settings, UsageError | LocalError> =>
  Effect.gen(function* () {
    const config = yield* readConfig(world)
    const variable = (name: string): Setting<string> | undefined => {
      const value = world.env[name]
      // In shells and containers, an empty value often means that the variable is not set.
      return value === undefined || value === "" ? undefined : { value, from: name }
    }
    const option = (name: string, flag: string): Setting<string> | undefined => {
      const value = text(input, name)
      return value === undefined ? undefined : { value, from: flag }
    }
    const profile = option("profile", "--profile") ??
      variable("INNERSPACE_PROFILE") ??
      (config.profile === undefined ? undefined : { value: config.profile, from: config.path }) ?? {
        value: defaultProfile,
        from: "default"
      }
    const names = Object.keys(config.profiles)
    if (
      profile.from !== "default" &&
      !names.includes(profile.value) &&
      input.command.name !== "login"
    ) {
      return yield* new UsageError(
        `There is no profile ${JSON.stringify(profile.value)} in ${config.path}`,
        names.length === 0
          ? "Create it with innerspace login --profile"
          : didYouMean(profile.value, names)
      )
    }
    const fields: Profile = config.profiles[profile.value] ?? {}
    const field = (key: keyof Profile): Setting<string> | undefined => {
      const value = fields[key]
      return value === undefined
        ? undefined
        : { value, from: `profile ${profile.value} in ${config.path}` }
    }
    const fallback = <A>(value: A): Setting<A> => ({ value, from: "default" })

    const api =
      option("api", "--api") ?? variable("INNERSPACE_API") ?? field("api") ?? fallback("v1")
    const version = api.value
    if (!isVersion(version)) {
      return yield* new UsageError(
        `The generation of the API is ${JSON.stringify(version)} (${api.from})`,
        didYouMean(version, Object.keys(generations))
      )
    }
    const known = generations[version]
    const baseUrl = option("baseUrl", "--base-url") ??
      variable("INNERSPACE_BASE_URL") ??
      field("base_url") ?? { value: known.baseUrl, from: `default of ${version}` }
    const login =
      option("login", "--login") ??
      variable("INNERSPACE_LOGIN") ??
      field("login") ??
      fallback("client-credentials")
    if (!logins.includes(login.value)) {
      return yield* new UsageError(
        `The login is ${JSON.stringify(login.value)} (${login.from})`,
        didYouMean(login.value, logins)
      )
    }
    const secret = variable("INNERSPACE_CLIENT_SECRET")
    const warns = world.env["INNERSPACE_DEPRECATION_WARNING"] !== "false"
    const chosen = Api.withBaseUrl(
      warns ? known : Api.withoutDeprecationWarning(known),
      baseUrl.value
    )
    const tokenStore =
      variable("INNERSPACE_TOKEN_STORE") ?? field("token_store") ?? fallback(cacheFolder(world))
    if (!pathOf(world).isAbsolute(tokenStore.value)) {
      return yield* new UsageError(
        `The token store is ${JSON.stringify(tokenStore.value)} (${tokenStore.from})`,
        "Pass the absolute path of a folder"
      )
    }
    // A URL that cannot be used must fail here, before any other step.
    const checked = Api.graphqlUrl(chosen)
    if (checked._tag === "Left") {
      return yield* new UsageError(`${checked.left.problem} (${baseUrl.from})`, checked.left.hint)
    }
    return {
      config,
      profile,
      api: { value: version, from: api.from },
      baseUrl,
      clientId:
        option("clientId", "--client-id") ??
        variable("INNERSPACE_CLIENT_ID") ??
        field("client_id") ??
        fallback(undefined),
      clientSecret:
        secret === undefined
          ? { value: undefined, from: "not set" }
          : { value: Redacted.make(secret.value), from: secret.from },
      login,
      issuer:
        option("issuer", "--issuer") ??
        variable("INNERSPACE_ISSUER") ??
        field("issuer") ??
        fallback(undefined),
      audience:
        option("audience", "--audience") ??
        variable("INNERSPACE_AUDIENCE") ??
        field("audience") ??
        fallback(undefined),
      organization:
        option("organization", "--organization") ??
        variable("INNERSPACE_ORGANIZATION") ??
        field("organization") ??
        fallback(undefined),
      zone:
        option("zone", "--zone") ??
        variable("INNERSPACE_ZONE") ??
        field("zone") ??
        fallback(undefined),
      group: variable("INNERSPACE_GROUP") ?? field("group") ?? fallback("everyone"),
      tokenStore,
      chosen
    }
  })

const isVersion = (text: string): text is Api.Api["version"] => Object.hasOwn(generations, text)
