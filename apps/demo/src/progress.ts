/**
 * Prints the progress of a long stream. On a terminal it updates one line. Otherwise it prints a
 * line after each quarter of the stream.
 */
import type * as Streaming from "@innerspace-metrics/core/Streaming"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { progressBar } from "./pictures/progressBar.js"

/** Returns a function for the option `onProgress` of one stream. */
export const showProgress: Effect.Effect<(progress: Streaming.Progress) => Effect.Effect<void>> =
  Effect.map(Ref.make(0), (quarters) => (progress) => {
    const { done, rows, total } = progress
    const line = progressBar({
      done,
      total,
      text: `${done} of ${total} windows, ${rows.toLocaleString("en")} rows`
    })
    if (process.stdout.isTTY) {
      return Effect.sync(() => {
        process.stdout.write(`\r${line}${done === total ? "\n" : ""}`)
      })
    }
    const reached = Math.floor((4 * done) / total)
    return Effect.flatMap(Ref.getAndSet(quarters, reached), (before) =>
      before === reached ? Effect.void : Console.log(line)
    )
  })
