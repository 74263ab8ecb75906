import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { openOn } from "./shared/effect.js"

export const open = openOn(FetchHttpClient.layer)
