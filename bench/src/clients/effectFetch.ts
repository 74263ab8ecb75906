import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { openOn } from "./effect.js"

export const open = openOn(FetchHttpClient.layer)
