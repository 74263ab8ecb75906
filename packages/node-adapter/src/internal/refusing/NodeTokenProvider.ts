import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as NodeTokenProvider from "../../NodeTokenProvider.js"
import { refusal } from "./refusal.js"

export const config: typeof NodeTokenProvider.config = Config.fail(refusal().message)

export const make: typeof NodeTokenProvider.make = () => Effect.failSync(refusal)

export const makeWithTransport: typeof NodeTokenProvider.makeWithTransport = () =>
  Effect.failSync(refusal)

export const layer: typeof NodeTokenProvider.layer = () => Layer.failSync(refusal)

export const layerConfig: typeof NodeTokenProvider.layerConfig = () => Layer.failSync(refusal)

export const deviceCode: typeof NodeTokenProvider.deviceCode = () => ({
  make: () => Effect.failSync(refusal)
})

export const browser: typeof NodeTokenProvider.browser = () => ({
  make: () => Effect.failSync(refusal)
})

export const layerSignIn: typeof NodeTokenProvider.layerSignIn = () => Layer.failSync(refusal)
