import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import { ask } from "../../clients/shared/effectAsk.js"

export const run = (url: string, building: number) =>
  Effect.runPromise(Effect.provide(ask(url, building), FetchHttpClient.layer))
