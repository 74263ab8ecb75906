/**
 * How a profile logs in. A login through a device or a browser is one more entry here, and one more
 * name in `logins` of the settings.
 */
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
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

export interface LoggedIn {
  readonly clientId: string
  readonly token: AccessToken.AccessToken
}

export type Login = (
  world: World,
  input: Input,
  settings: Settings
) => Effect.Effect<LoggedIn, UsageError | LocalError | AuthError | ConfigurationError>

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
    // Without the store, which may have a token that another secret has got.
    const token = yield* Effect.scoped(
      Effect.flatMap(
        NodeTokenProvider.make({ api: settings.chosen, clientId, clientSecret }),
        ({ get }) => get
      )
    ).pipe(Effect.provide(UndiciHttpClient.layer))
    return { clientId, token }
  })

export const loginOf = (_settings: Settings): Login => clientCredentials
