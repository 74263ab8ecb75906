import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as FileTokenStore from "../../FileTokenStore.js"
import { refusal } from "./refusal.js"

const refused = Effect.failSync(() => {
  const { problem, hint } = refusal()
  return new TokenStore.TokenStoreError({ reason: "Unavailable", problem, hint })
})

export const make: typeof FileTokenStore.make = () =>
  TokenStore.make({
    get: () => refused,
    set: () => refused,
    remove: () => refused,
    lock: () => refused
  })

export const layer: typeof FileTokenStore.layer = () =>
  Layer.sync(TokenStore.TokenStore, () => make())

export const config: typeof FileTokenStore.config = Config.fail(refusal().message)
