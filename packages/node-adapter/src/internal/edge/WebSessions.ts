import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Sessions from "../../WebSessions.js"
import { noSessions } from "./missing.js"

export const WebSessions: typeof Sessions.WebSessions = Context.GenericTag<Sessions.WebSessions>(
  "@innerspace-metrics/node-adapter/WebSessions"
)

export const make: typeof Sessions.make = () => Effect.failSync(noSessions)

export const layer: typeof Sessions.layer = () => Layer.failSync(noSessions)
