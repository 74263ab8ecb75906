import * as Effect from "effect/Effect"
import type * as inNode from "../person/flows.js"
import { noPerson } from "./missing.js"

export const withDeviceCode: typeof inNode.withDeviceCode = () => Effect.failSync(noPerson)

export const inBrowser: typeof inNode.inBrowser = () => Effect.failSync(noPerson)
