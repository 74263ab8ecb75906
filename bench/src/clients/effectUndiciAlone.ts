/** Effect, undici and nothing that asks: what no client on both starts faster than. */
import * as Effect from "effect/Effect"
import { Agent } from "undici"
import type { Open } from "./client.js"

export const open: Open = () => () => Effect.runPromise(Effect.promise(() => new Agent().close()))
