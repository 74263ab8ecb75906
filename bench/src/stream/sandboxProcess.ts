/** The sandbox in a process of its own: its memory and its work are not the client's. */
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Address, Work } from "./messages.js"

const program = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  let before = process.cpuUsage()
  const report = Effect.gen(function* () {
    const { length: requests } = yield* sandbox.control.requests
    const { system, user } = process.cpuUsage(before)
    yield* sandbox.control.reset
    before = process.cpuUsage()
    process.send?.({ requests, cpuSeconds: (system + user) / 1e6 } satisfies typeof Work.Type)
  })
  process.on("message", () => {
    Effect.runFork(report)
  })
  process.send?.({
    url: sandbox.urls.v2,
    clientId: sandbox.clientId,
    clientSecret: Redacted.value(sandbox.clientSecret)
  } satisfies typeof Address.Type)
  yield* Effect.async<void>((resume) => {
    process.once("disconnect", () => resume(Effect.void))
  })
})

Effect.runPromise(Effect.scoped(program)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  }
)
