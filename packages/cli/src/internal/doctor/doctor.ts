import * as Effect from "effect/Effect"
import type { Run } from "../frame/command.js"
export const run: Run = () => Effect.succeed({ data: null })
