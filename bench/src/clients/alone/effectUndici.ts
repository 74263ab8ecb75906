/**
 * Loads Effect and the agent of undici, and sends no request. This is the lower bound for the start
 * of every client that uses Effect and undici.
 */
import * as Effect from "effect/Effect"
import Agent from "undici/lib/dispatcher/agent.js"
import type { Open } from "../shared/client.js"

export const open: Open = () => () => Effect.runPromise(Effect.promise(() => new Agent().close()))
