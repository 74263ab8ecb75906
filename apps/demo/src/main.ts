/**
 * Runs the demo: exit code 0 when all went well, 1 after a failure, 130 after Ctrl-C.
 */
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Backend from "./Backend.js"
import { demo } from "./demo.js"
import { describeFailure } from "./failure.js"

const interruption = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Interrupting, rather than exiting, lets the layers close: the connections and the sandbox.
  process.on(signal, () => interruption.abort())
}

// Whoever reads the output has had enough, as in `npm run demo | head`.
process.stdout.on("error", () => interruption.abort())

const exit = await Effect.runPromiseExit(Effect.provide(demo, Backend.layer), {
  signal: interruption.signal
})

if (Exit.isFailure(exit)) {
  const interrupted = Cause.isInterruptedOnly(exit.cause)
  process.exitCode = interrupted ? 130 : 1
  const text = interrupted ? "Interrupted." : describeFailure(exit.cause)
  Effect.runSync(Console.error(`\n${text}`))
}
