/**
 * Runs one stream in its own process, checks each row, and measures memory after each tenth of the
 * rows.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { heap, run } from "./client.js"
import type { Result, Sample } from "./messages.js"
import { Check, rowsOf } from "./zones.js"

run((parts, days) =>
  Effect.gen(function* () {
    const total = rowsOf(days)
    const check = new Check()
    const samples: Array<Sample> = []
    /** The CPU time of taking samples, in microseconds. It does not belong to the stream. */
    let sampling = 0
    const startedAt = performance.now()
    const cpuBefore = process.cpuUsage()
    yield* Stream.runForEach(parts, (part) =>
      Effect.suspend(() => {
        const wrong = part.checkedBy(check)
        if (check.seen >= ((samples.length + 1) * total) / 10) {
          const before = process.cpuUsage()
          samples.push({ resident: process.memoryUsage.rss(), heap: heap() })
          const { system, user } = process.cpuUsage(before)
          sampling += system + user
        }
        return wrong === undefined ? Effect.void : Effect.fail(wrong)
      })
    )
    const { seen } = check
    if (seen !== total) return yield* Effect.fail(`${seen} rows arrived, expected ${total}`)
    const { system, user } = process.cpuUsage(cpuBefore)
    return {
      rows: seen,
      seconds: (performance.now() - startedAt) / 1000,
      cpuSeconds: (system + user - sampling) / 1e6,
      peakResident: process.resourceUsage().maxRSS * 1024,
      samples
    } satisfies Result
  })
)
