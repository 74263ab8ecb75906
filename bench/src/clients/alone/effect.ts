/**
 * Loads Effect and sends no request. This is the lower bound for the start of every client on
 * Effect.
 */
import * as Effect from "effect/Effect"
import type { Open } from "../shared/client.js"

export const open: Open = () => () => Effect.runPromise(Effect.void)
