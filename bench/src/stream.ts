/** Whether a year of quarter hours can be streamed in constant memory, and how fast. See README.md. */
import { cpus } from "node:os"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Sample } from "./stream/messages.js"
import { interruptions, pull, sandbox } from "./stream/processes.js"

const isQuick = process.argv.includes("--quick")
const days = isQuick ? 7 : 365

const standard = { name: "core's standard settings", settings: {} }

/** A window of this building fills a page, so that its end is found with the next request. */
const fastest = {
  name: "windows of 1 day, pages of 20,000, 2 windows at a time",
  settings: { window: Duration.days(1), pageSize: 20_000, concurrency: 2 }
}

const typed = { rows: "typed rows", isRaw: false }
const raw = { rows: "raw rows", isRaw: true }

const runs = isQuick
  ? [
      { ...standard, ...typed },
      { ...fastest, ...raw }
    ]
  : [standard, fastest].flatMap((settings) => [
      { ...settings, ...typed },
      { ...settings, ...raw }
    ])

const megabyte = 1024 * 1024

const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(0)

/** The most heap of the last five tenths against that of the first five: up to 10 % or 4 MB more, whichever is more, is noise. */
const judge = (samples: ReadonlyArray<Sample>) => {
  const most = (part: ReadonlyArray<Sample>) => Math.max(...part.map(({ heap }) => heap))
  const [first, last] = [most(samples.slice(0, 5)), most(samples.slice(5))]
  return {
    isConstant: last <= first + Math.max(first / 10, 4 * megabyte),
    figures: `at most ${megabytes(first)} MB in the first half, ${megabytes(last)} MB in the last`
  }
}

const program = Effect.gen(function* () {
  console.log(
    `${days} days of building 900 on Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model})`
  )
  const { address, work } = yield* sandbox
  for (const { isRaw, name, rows, settings } of runs) {
    yield* work
    const result = yield* pull({ address, days, isRaw, settings })
    const { cpuSeconds, requests } = yield* work
    const { samples, seconds } = result
    const { figures, isConstant } = judge(samples)
    console.log(`
${rows}, ${name}
  rows, each the one that had to come next  ${result.rows.toLocaleString("en")}
  requests                                  ${requests.toLocaleString("en")}
  seconds                                   ${seconds.toFixed(1)}
  rows a second                             ${Math.round(result.rows / seconds).toLocaleString("en")}
  CPU seconds of client and sandbox         ${result.cpuSeconds.toFixed(1)} and ${cpuSeconds.toFixed(1)}
  heap at each tenth, MB                    ${samples.map(({ heap }) => megabytes(heap)).join(" ")}
  resident at each tenth, MB                ${samples.map(({ resident }) => megabytes(resident)).join(" ")}
  most resident at any time, MB             ${megabytes(result.peakResident)}
  memory                                    ${isConstant ? "constant" : "NOT CONSTANT"}: ${figures}`)
    if (!isConstant) process.exitCode = 1
  }
  const heaps = yield* interruptions({ address, days, isRaw: false, settings: standard.settings })
  const isFreed = Math.max(...heaps.slice(5)) <= Math.max(...heaps.slice(0, 5)) + megabyte
  console.log(`
ten pulls that are interrupted in their middle, ${standard.name}
  heap after each, MB                       ${heaps.map(megabytes).join(" ")}
  memory                                    ${isFreed ? "freed" : "NOT FREED"}`)
  if (!isFreed) process.exitCode = 1
})

Effect.runPromise(Effect.scoped(program)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
