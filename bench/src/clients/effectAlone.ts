/** Effect and nothing that asks: what no client on Effect starts faster than. */
import * as Effect from "effect/Effect"
import type { Open } from "./client.js"

export const open: Open = () => () => Effect.runPromise(Effect.void)
