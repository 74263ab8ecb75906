/** Progress of a long run, on stderr. */
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Input } from "./command.js"
import { widthOf, writeTo } from "./output.js"
import { text } from "./read.js"
import type { TerminalStream, World } from "./world.js"

export interface Steps {
  readonly done: number
  readonly total: number
  /** The number of rows, or another count. */
  readonly count: number
}

export interface Progress {
  readonly report: (steps: Steps) => Effect.Effect<void>
  /** Removes the bar. */
  readonly end: Effect.Effect<void>
}

/** The time between two drawings of a bar or two lines of NDJSON, in milliseconds. */
const interval = 100

/**
 * Progress as a bar on a terminal, or as JSON lines with `--progress json`. In all other cases,
 * nothing is written. `unit` names the steps, such as "parts".
 */
export const makeProgress = (world: World, input: Input, unit: string): Effect.Effect<Progress> =>
  Effect.map(Clock.currentTimeMillis, (begun) => {
    const how = text(input, "progress") ?? "auto"
    const { stderr } = world
    const isBar =
      how === "bar" ||
      (how === "auto" &&
        stderr.isTTY === true &&
        input.options["quiet"] !== true &&
        input.options["json"] !== true)
    if (!isBar && how !== "json") return { report: () => Effect.void, end: Effect.void }
    let last = Number.NEGATIVE_INFINITY
    return {
      report: (steps) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (now - last < interval && steps.done < steps.total) return Effect.void
          last = now
          const line = isBar
            ? `\r${bar(steps, now - begun, unit, widthOf(stderr, world.env))}\u001b[K`
            : `${JSON.stringify({ ...steps, unit, ...timesOf(steps, now - begun) })}\n`
          return Effect.ignore(writeTo(stderr, line))
        }),
      end: isBar ? Effect.ignore(writeTo(stderr, "\r\u001b[K")) : Effect.void
    }
  })

const timesOf = ({ count, done, total }: Steps, elapsed: number) => ({
  seconds: Math.round(elapsed / 1000),
  perSecond: elapsed === 0 ? 0 : Math.round((count * 1000) / elapsed),
  secondsLeft: done === 0 ? null : Math.round(((total - done) * elapsed) / done / 1000)
})

const bar = (steps: Steps, elapsed: number, unit: string, width: number): string => {
  const { count, done, total } = steps
  const { perSecond, secondsLeft } = timesOf(steps, elapsed)
  const left = secondsLeft === null ? "" : `, ${clock(secondsLeft)} left`
  const words = ` ${done}/${total} ${unit}, ${count} rows, ${perSecond}/s${left}`
  const room = Math.min(width - words.length - 3, 30)
  if (room < 5) return words.trimStart().slice(0, width - 1)
  const filled = total === 0 ? room : Math.round((done / total) * room)
  return `[${"█".repeat(filled)}${"░".repeat(room - filled)}]${words}`
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`

/** Makes an `onProgress` for a stream. */
export const ofStream =
  (progress: Progress) =>
  ({ done, rows, total }: Streaming.Progress): Effect.Effect<void> =>
    progress.report({ done, total, count: rows })

/** Says on stderr how to continue after Ctrl-C. */
export const howToContinue =
  (stderr: TerminalStream, words: () => string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.onInterrupt(effect, () => Effect.ignore(writeTo(stderr, `${words()}\n`)))
