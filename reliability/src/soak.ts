/**
 * Runs the soak (many callers for a long time, with faults) and prints its figures. `pnpm soak`
 * takes 10 minutes, and `pnpm soak --seconds 60` takes one minute. Copy the text after the empty
 * line to `RELIABILITY.md`, unchanged.
 */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Sandbox from "./sandbox.js"
import { faults } from "./soak/faults.js"
import { judge } from "./soak/judge.js"
import { concurrency, run } from "./soak/run.js"

const { values } = parseArgs({ options: { seconds: { type: "string", default: "600" } } })

const program = Effect.gen(function* () {
  const soak = yield* run(yield* Sandbox.start, Number(values.seconds))
  const met = Object.values(soak.summary.faults).reduce((sum, count) => sum + count, 0)
  for (const [outcome, count] of [...soak.outcomes].sort(([, a], [, b]) => b - a)) {
    console.log(`  ${String(count).padStart(8)} ${outcome}`)
  }
  console.log(
    `\n${soak.seconds.toFixed(0)} seconds, ${concurrency} callers, ${faults.length} faults on Node ${process.version}`
  )
  console.log(
    `${Math.round(soak.started / soak.seconds)} calls and ${Math.round(soak.summary.graphql / soak.seconds)} requests per second; ` +
      `${met} requests met a fault (${((100 * met) / soak.summary.graphql).toFixed(1)} %, outages included)`
  )
  for (const { figures, holds, rule } of judge(soak)) {
    console.log(`${holds ? "holds" : "BROKEN"}: ${rule}\n  ${figures}`)
    if (!holds) process.exitCode = 1
  }
})

Effect.runPromise(Effect.scoped(program)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
