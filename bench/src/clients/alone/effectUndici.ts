/**
 * Effect and the agent of undici without any request: the lower bound for the start of every client
 * on both.
 */
import * as Effect from "effect/Effect"
import Agent from "undici/lib/dispatcher/agent.js"
import type { Open } from "../shared/client.js"

export const open: Open = () => () => Effect.runPromise(Effect.promise(() => new Agent().close()))
