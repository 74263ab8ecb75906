import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { openOn } from "./shared/effect.js"

export const open = openOn(NodeHttpClient.layerUndici)
