import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as FileTokenStore from "../../FileTokenStore.js"
import { wrongStores } from "../wrongStores.js"
import { noFiles } from "./missing.js"

/** A store that always fails. A layer that uses the store fails to build. */
export const make: typeof FileTokenStore.make = () => {
  const refusal = noFiles()
  const unavailable = Effect.failSync(
    () =>
      new TokenStore.TokenStoreError({
        reason: "Unavailable",
        problem: refusal.problem,
        hint: refusal.hint
      })
  )
  const store = TokenStore.make({
    get: () => unavailable,
    set: () => unavailable,
    remove: () => unavailable,
    lock: () => unavailable
  })
  wrongStores.set(store, refusal)
  return store
}

export const layer: typeof FileTokenStore.layer = () => Layer.failSync(noFiles)

/** Accepts only an environment that names no store, because there is no file system. */
export const config: typeof FileTokenStore.config = Config.string("INNERSPACE_TOKEN_STORE").pipe(
  Config.withDefault("none"),
  Config.mapOrFail((setting) =>
    setting === "none"
      ? Either.right(Option.none())
      : Either.left(ConfigError.InvalidData(["INNERSPACE_TOKEN_STORE"], noFiles().message))
  )
)
