/**
 * Runs the demo, then serves the web page until Ctrl-C. With `--once` it exits without the page.
 *
 * The exit code is 0 after success, 1 after a failure, and 130 after Ctrl-C before the page was
 * served.
 */
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Backend from "./Backend.js"
import { demo } from "./demo.js"
import { describeFailure } from "./failure.js"
import { showPage } from "./pageServer/showPage.js"

const interruption = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // An interruption closes the layers, and the layers close the connections and the sandbox.
  // `process.exit` would not close them.
  process.on(signal, () => interruption.abort())
}

// The error means that the reader of the output has ended, as in `npm run demo | head`.
process.stdout.on("error", () => interruption.abort())

let isServing = false
const onServed = Effect.sync(() => {
  isServing = true
})
const program = process.argv.includes("--once") ? demo : Effect.zipRight(demo, showPage(onServed))

const exit = await Effect.runPromiseExit(Effect.scoped(Effect.provide(program, Backend.layer)), {
  signal: interruption.signal
})

// While the page is served, Ctrl-C is the normal end.
if (Exit.isFailure(exit) && !(isServing && Cause.isInterruptedOnly(exit.cause))) {
  const interrupted = Cause.isInterruptedOnly(exit.cause)
  process.exitCode = interrupted ? 130 : 1
  const text = interrupted ? "Interrupted." : describeFailure(exit.cause)
  Effect.runSync(Console.error(`\n${text}`))
}
