/** The login of a person: with a code on any device, or in the browser of this machine. */
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type * as Api from "@innerspace-metrics/core/Api"
import type { JsonObject } from "@innerspace-metrics/core/JsonValue"
import { AuthError, type ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as NodeTokenProvider from "@innerspace-metrics/node-adapter/NodeTokenProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { UsageError } from "../frame/failure.js"
import type { World } from "../frame/world.js"
import type { Settings } from "../settings/settings.js"
import { tokenStoreOf } from "./stores.js"

export const isOfPerson = ({ login }: Settings): boolean => login.value !== "client-credentials"

/** How a person signs in, according to the settings. The tokens are kept in the token store. */
export const signInOf = (
  settings: Settings,
  clientId: string,
  onCode: NodeTokenProvider.DeviceCodeOptions["onCode"]
): Effect.Effect<NodeTokenProvider.SignIn, UsageError> =>
  Effect.gen(function* () {
    const { audience, issuer, login, organization } = settings
    if (issuer.value === undefined) {
      return yield* new UsageError(
        `The login ${login.value} needs the address of your identity provider`,
        "Pass --issuer, such as --issuer https://my-team.eu.auth0.com, or set INNERSPACE_ISSUER"
      )
    }
    const options = {
      issuer: issuer.value,
      clientId,
      ...(audience.value === undefined ? {} : { audience: audience.value }),
      ...(organization.value === undefined ? {} : { organization: organization.value }),
      tokenStore: tokenStoreOf(settings)
    }
    // Only the login of a person loads this module.
    const provider = yield* Effect.promise(
      () => import("@innerspace-metrics/node-adapter/NodeTokenProvider")
    )
    return login.value === "device"
      ? provider.deviceCode({ ...options, onCode })
      : provider.browser(options)
  })

/** Writes to stderr even with --quiet, because the person needs this text to sign in. */
export const showCode = ({ stderr }: World, code: NodeTokenProvider.DeviceCode): void => {
  const { expiresIn, userCode, verificationUri, verificationUriComplete } = code
  const complete =
    verificationUriComplete === undefined ? "" : `, or open ${verificationUriComplete}`
  stderr.write(
    `Open ${verificationUri} on any device and enter the code ${userCode}${complete}\n` +
      `The code can be used for ${Duration.format(expiresIn)}\n`
  )
}

/** Adds a hint to the errors of a person's tokens: the command that solves the problem. */
const withHints = (
  provider: NodeTokenProvider.PersonTokenProvider,
  { login, profile }: Settings
): NodeTokenProvider.PersonTokenProvider => ({
  ...provider,
  get: Effect.mapError(provider.get, (error) =>
    error.reason === "SignInRequired"
      ? new AuthError({
          reason: "SignInRequired",
          problem: `Nobody is signed in with the profile ${profile.value}`,
          hint: `Run innerspace login --login ${login.value}`
        })
      : error
  )
})

/** The tokens of the person who has signed in. This never starts a sign-in. */
export const personOf = (
  settings: Settings,
  clientId: string,
  api: Api.Api
): Effect.Effect<
  NodeTokenProvider.PersonTokenProvider,
  UsageError | ConfigurationError,
  Scope.Scope
> =>
  Effect.flatMap(
    signInOf(settings, clientId, () => {}),
    (signIn) => Effect.map(signIn.make({ api }), (provider) => withHints(provider, settings))
  )

/** Forgets the tokens of the person and revokes them. Returns whether somebody was signed in. */
export const signOut = (
  settings: Settings
): Effect.Effect<boolean, UsageError | ConfigurationError | AuthError> =>
  settings.clientId.value === undefined
    ? Effect.succeed(false)
    : Effect.scoped(
        Effect.flatMap(
          personOf(settings, settings.clientId.value, settings.chosen),
          ({ person, signOut }) =>
            Effect.flatMap(person, (known) => Effect.as(signOut, Option.isSome(known)))
        )
      )

/** The access token of the person, renewed if it has expired, and the claims of the ID token. */
export const personNow = (
  settings: Settings,
  clientId: string
): Effect.Effect<
  {
    readonly token: AccessToken.AccessToken
    readonly claims: Option.Option<JsonObject>
  },
  UsageError | ConfigurationError | AuthError
> =>
  Effect.scoped(
    Effect.flatMap(personOf(settings, clientId, settings.chosen), ({ get, person }) =>
      Effect.all({ token: get, claims: person })
    )
  )
