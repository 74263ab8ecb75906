import * as Layer from "effect/Layer"
import type * as NodeMetrics from "../../NodeMetrics.js"
import { refusal } from "./refusal.js"

export const layer: typeof NodeMetrics.layer = () => Layer.failSync(refusal)

export const layerConfig: typeof NodeMetrics.layerConfig = () => Layer.failSync(refusal)

export const layerSignIn: typeof NodeMetrics.layerSignIn = () => Layer.failSync(refusal)
