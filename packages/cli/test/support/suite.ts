/** A part of commands.test.ts. All parts use one sandbox, which takes seconds to start. */
import type { Vitest } from "@effect/vitest"
import type { Sandbox } from "@innerspace-metrics/sandbox"

export type Suite = (it: Vitest.MethodsNonLive<Sandbox.Sandbox>) => void
