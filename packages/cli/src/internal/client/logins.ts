/** How a profile logs in. Each login keeps its tokens in the token store. */
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import { AuthError, type ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as NodeTokenProvider from "@innerspace-metrics/node-adapter/NodeTokenProvider"
import * as UndiciHttpClient from "@innerspace-metrics/node-adapter/UndiciHttpClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Input } from "../frame/command.js"
import { type LocalError, UsageError } from "../frame/failure.js"
import { ask, readStdin } from "../frame/prompt.js"
import { flag } from "../frame/read.js"
import type { World } from "../frame/world.js"
import type { Settings } from "../settings/settings.js"
import { isOfPerson, showCode, signInOf } from "./person.js"
import { tokenStoreOf } from "./stores.js"

export interface LoggedIn {
  readonly clientId: string
  readonly token: AccessToken.AccessToken
}

export type Login = (
  world: World,
  input: Input,
  settings: Settings
) => Effect.Effect<
  LoggedIn,
  UsageError | LocalError | AuthError | ConfigurationError | TokenStore.TokenStoreError
>

/** Client credentials from options, the environment, stdin or a prompt. */
const clientCredentials: Login = (world, input, settings) =>
  Effect.gen(function* () {
    const clientId =
      settings.clientId.value ??
      (yield* ask(world, "Client id", "Pass --client-id, or set INNERSPACE_CLIENT_ID"))
    const clientSecret = flag(input, "secretStdin")
      ? Redacted.make(yield* readStdin(world))
      : (settings.clientSecret.value ??
        Redacted.make(
          yield* ask(
            world,
            "Client secret",
            "Set INNERSPACE_CLIENT_SECRET, or pass --secret-stdin",
            true
          )
        ))
    if (Redacted.value(clientSecret).trim() === "") {
      return yield* new UsageError("The client secret is empty", "Pass it again")
    }
    // The token store is not read, because its token may come from another secret. The new token
    // proves that the given secret is right.
    const token = yield* Effect.scoped(
      Effect.flatMap(
        NodeTokenProvider.make({ api: settings.chosen, clientId, clientSecret }),
        ({ get }) => get
      )
    ).pipe(Effect.provide(UndiciHttpClient.layer))
    const key = yield* TokenStore.key(settings.chosen, clientId)
    yield* tokenStoreOf(settings).set(key, token)
    return { clientId, token }
  })

/** A person signs in: with a code on any device, or in the browser of this machine. */
const person: Login = (world, _input, settings) =>
  Effect.gen(function* () {
    const clientId =
      settings.clientId.value ??
      (yield* ask(world, "Client id", "Pass --client-id, or set INNERSPACE_CLIENT_ID"))
    const signIn = yield* signInOf(settings, clientId, (code) => showCode(world, code))
    if (settings.login.value === "browser") {
      world.stderr.write(
        "Sign in in the browser that opens. Without one on this machine: --login device\n"
      )
    }
    const provider = yield* signIn.make({ api: settings.chosen })
    yield* provider.signIn
    return { clientId, token: yield* provider.get }
  }).pipe(
    Effect.scoped,
    Effect.mapError((error) =>
      error._tag === "AuthError" && error.reason === "SignInRequired"
        ? new AuthError({
            reason: "SignInRequired",
            problem: error.problem,
            hint: "Run innerspace login --login device, which works with a browser on any device"
          })
        : error
    )
  )

export const loginOf = (settings: Settings): Login =>
  isOfPerson(settings) ? person : clientCredentials
