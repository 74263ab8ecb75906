/** Measures how fast a year of quarter hours is streamed, and whether the memory stays constant. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Measured, Row } from "../measurement/results.js"
import type { Section } from "../measurement/section.js"
import type { Sample } from "./messages.js"
import { interruptions, sandbox, streamRun } from "./processes.js"

/**
 * One page holds all rows of a window of this building, so the next request finds the end of the
 * window.
 */
const largePages = { window: Duration.days(1), pageSize: 20_000, concurrency: 2 }

const streams = [
  { name: "typed rows", reads: "rows", settings: {} },
  { name: "raw rows, large pages", reads: "raw rows", settings: largePages }
] as const

const megabyte = 1024 * 1024

const heaps = (name: string, samples: ReadonlyArray<Sample>): Row => ({
  name,
  runs: samples.map(({ heap }) => heap / megabyte)
})

const measure = (isQuick: boolean) =>
  Effect.gen(function* () {
    const days = isQuick ? 3 : 365
    const { address, work } = yield* sandbox
    const speed: Array<Row> = []
    const perCpu: Array<Row> = []
    const heap: Array<Row> = []
    const resident: Array<Row> = []
    const remarks: Array<string> = []
    for (const { name, reads, settings } of streams) {
      yield* work
      const { cpuSeconds, peakResident, rows, samples, seconds } = yield* streamRun({
        address,
        days,
        reads,
        settings
      })
      const sandboxWork = yield* work
      speed.push({ name, runs: [rows / seconds] })
      perCpu.push({ name, runs: [rows / cpuSeconds] })
      resident.push({ name, runs: [peakResident / megabyte] })
      heap.push(heaps(`${name}, first half`, samples.slice(0, 5)))
      heap.push(heaps(`${name}, last half`, samples.slice(5)))
      remarks.push(
        `${name}: ${rows.toLocaleString("en-US")} rows in ${seconds.toFixed(0)} s and ${sandboxWork.requests.toLocaleString("en-US")} requests; ${cpuSeconds.toFixed(0)} CPU seconds in the client, ${sandboxWork.cpuSeconds.toFixed(0)} in the sandbox.`
      )
    }
    const left = yield* interruptions({ address, days, reads: "rows", settings: {} })
    const leftRow = (name: string, bytes: ReadonlyArray<number>): Row => ({
      name,
      runs: bytes.map((bytes) => bytes / megabyte)
    })
    return {
      tables: [
        table("Rate", "rows per second", 0, "typed rows", speed),
        table("Rate per CPU time", "rows per CPU second", 0, "typed rows", perCpu),
        {
          ...table(
            "Heap after a full collection, at each tenth",
            "MB",
            1,
            `${streams[0]?.name}, first half`,
            heap
          ),
          bars: streams.map(({ name }) => ({
            row: `${name}, last half`,
            against: `${name}, first half`,
            atMost: 1.1
          }))
        },
        table("Peak memory of the process", "MB", 0, "typed rows", resident),
        {
          ...table("Heap after an interrupted stream", "MB", 1, "first five", [
            leftRow("first five", left.slice(0, 5)),
            leftRow("last five", left.slice(5))
          ]),
          bars: [{ row: "last five", against: "first five", atMost: 1.04 }]
        }
      ],
      remarks
    } satisfies Measured
  })

const table = (
  title: string,
  unit: string,
  decimals: number,
  reference: string,
  rows: ReadonlyArray<Row>
) => ({ title, unit, decimals, reference, rows, bars: [] })

export const stream: Section = {
  name: "stream",
  title: "Streaming 7 million rows",
  text: `One stream reads a year of quarter hours of the 200 zones of one building, 7,008,000 rows, from a sandbox in another process. Each row must be the
next one by time and zone, so no row is missing and none arrives twice. "Typed rows" uses core's default settings. "Large pages" uses windows
of 1 day, pages of 20,000 rows and 2 windows at a time. Memory counts as constant if the heap of the last five tenths is at most 10 % above
that of the first five.`,
  measure: (isQuick) => Effect.runPromise(Effect.scoped(measure(isQuick)))
}
