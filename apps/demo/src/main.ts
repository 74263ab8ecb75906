/**
 * Runs the demo, then serves the web page until Ctrl-C; with `--once` it ends without the page.
 *
 * Exit code 0 when all went well, 1 after a failure, 130 after Ctrl-C before the page was there.
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
  // Interrupting, rather than exiting, lets the layers close: the connections and the sandbox.
  process.on(signal, () => interruption.abort())
}

// Whoever reads the output has had enough, as in `npm run demo | head`.
process.stdout.on("error", () => interruption.abort())

let isServing = false
const onServed = Effect.sync(() => {
  isServing = true
})
const program = process.argv.includes("--once") ? demo : Effect.zipRight(demo, showPage(onServed))

const exit = await Effect.runPromiseExit(Effect.provide(program, Backend.layer), {
  signal: interruption.signal
})

// Ctrl-C is how a page that is served ends.
if (Exit.isFailure(exit) && !(isServing && Cause.isInterruptedOnly(exit.cause))) {
  const interrupted = Cause.isInterruptedOnly(exit.cause)
  process.exitCode = interrupted ? 130 : 1
  const text = interrupted ? "Interrupted." : describeFailure(exit.cause)
  Effect.runSync(Console.error(`\n${text}`))
}
