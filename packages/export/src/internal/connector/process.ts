/**
 * Runs a connector as a process. stdout has only the messages of the connector, and everything else
 * goes to stderr.
 */
import { Console } from "node:console"
import process from "node:process"
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as Connector from "../../Connector.js"
import { ExportError } from "../../ExportError.js"
import { load } from "../formats/optionalPackage.js"

type Main = (
  args: ReadonlyArray<string>,
  options: Connector.Options
) => Effect.Effect<Connector.ExitCode, ExportError>

export const runMain = (main: Main): void => {
  // The consumer reads each line of stdout as a message. Other packages must not print there.
  globalThis.console = new Console(process.stderr, process.stderr)
  // `write` reports its own failure. stdout also emits an `error` event, which would end the
  // process if there were no listener.
  process.stdout.on("error", () => {})
  const fiber = Effect.runFork(
    Effect.provide(
      main(process.argv.slice(2), { connect, write }),
      Logger.replace(Logger.defaultLogger, plain)
    )
  )
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      Effect.runFork(Fiber.interrupt(fiber))
    })
  }
  fiber.addObserver((exit) => {
    // A failed write needs no message: the consumer has closed the pipe, so it knows that messages
    // are missing.
    process.exitCode = Exit.isSuccess(exit) ? exit.value : 1
  })
}

const plain = Logger.make(({ logLevel, message }) => {
  console.error(`${logLevel.label} ${[message].flat().map(String).join(" ")}`)
})

/**
 * Writes lines to stdout. Ends when the operating system has accepted the lines, so that lines do
 * not pile up in memory.
 */
const write = (lines: string): Effect.Effect<void, ExportError> =>
  Effect.async((resume) => {
    process.stdout.write(lines, (error) => {
      resume(
        error === null || error === undefined
          ? Effect.void
          : Effect.fail(
              new ExportError({
                reason: "FileSystem",
                problem: `The consumer of the messages has gone away: ${error.message}`,
                hint: "Look at the log of the consumer"
              })
            )
      )
    })
  })

/** Only the programs need the Node adapter, so it is an optional peer. */
const connect = (login: Connector.Login): Layer.Layer<MetricsClient, ConfigurationError> =>
  Layer.unwrapEffect(
    load(
      "@innerspace-metrics/node-adapter",
      "This program",
      () => import("@innerspace-metrics/node-adapter")
    ).pipe(
      Effect.mapBoth({
        onFailure: ({ hint, problem }) =>
          new ConfigurationError({ reason: "InvalidOption", problem, hint }),
        onSuccess: ({ NodeMetrics }) => NodeMetrics.layer(login)
      })
    )
  )
