import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { openOn } from "./effect.js"

export const open = openOn(NodeHttpClient.layerUndici)
