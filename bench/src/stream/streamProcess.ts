/** One stream in its own process: checks each row, and samples memory at each tenth. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { heap, run } from "./client.js"
import type { Result, Sample } from "./messages.js"
import { makeCheck, rowsOf } from "./zones.js"

run((chunks, { days }) =>
  Effect.gen(function* () {
    const total = rowsOf(days)
    const check = makeCheck()
    const samples: Array<Sample> = []
    let seen = 0
    const startedAt = performance.now()
    const cpuBefore = process.cpuUsage()
    yield* Stream.runForEach(chunks, (chunk) =>
      Effect.suspend(() => {
        for (const row of chunk) {
          const wrong = check(row)
          if (wrong !== undefined) return Effect.fail(wrong)
          seen += 1
          if (seen === Math.ceil(((samples.length + 1) * total) / 10)) {
            samples.push({ resident: process.memoryUsage.rss(), heap: heap() })
          }
        }
        return Effect.void
      })
    )
    if (seen !== total) return yield* Effect.fail(`${seen} rows arrived, expected ${total}`)
    const { system, user } = process.cpuUsage(cpuBefore)
    return {
      rows: seen,
      seconds: (performance.now() - startedAt) / 1000,
      cpuSeconds: (system + user) / 1e6,
      peakResident: process.resourceUsage().maxRSS * 1024,
      samples
    } satisfies Result
  })
)
