/** Helpers for tests of promise clients of the sandbox. */
import { assert } from "@effect/vitest"
import type { Options } from "@innerspace-metrics/node-adapter/promise"
import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { optionsFor } from "./client.js"

/** The options of a promise client of the sandbox's v1. */
export const promiseOptions = (
  sandbox: Sandbox.Service,
  options: Partial<Options> = {}
): Options => ({
  ...optionsFor(sandbox),
  clientSecret: Redacted.value(sandbox.clientSecret),
  ...options
})

/** The value that a promise rejects with. */
export const rejection = (promise: Promise<unknown>): Effect.Effect<unknown> =>
  Effect.promise(() =>
    promise.then(
      () => assert.fail("the promise was fulfilled"),
      (reason: unknown) => reason
    )
  )

/** Collects unhandled rejections until the scope closes. */
export const unhandledRejections = Effect.gen(function* () {
  const reasons: Array<unknown> = []
  const collect = (reason: unknown) => reasons.push(reason)
  yield* Effect.acquireRelease(
    Effect.sync(() => process.on("unhandledRejection", collect)),
    () => Effect.sync(() => process.off("unhandledRejection", collect))
  )
  return reasons
})
