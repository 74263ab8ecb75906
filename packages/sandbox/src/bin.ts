#!/usr/bin/env node
import { constants } from "node:os"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as CommandLine from "./internal/CommandLine.js"
import type { Fault } from "./internal/faults/Fault.js"
import * as FaultText from "./internal/faults/FaultText.js"
import { packageVersion } from "./internal/packageVersion.js"
import { welcome } from "./internal/welcome.js"
import * as Sandbox from "./Sandbox.js"

const run = (options: Sandbox.Options, faults: ReadonlyArray<Fault>): void => {
  const fiber = Effect.runFork(
    Sandbox.make(options).pipe(
      Effect.tap(({ control }) => Effect.forEach(faults, control.inject)),
      Effect.tap((sandbox) =>
        Effect.map(sandbox.control.now, (now) => console.log(welcome(sandbox, now)))
      ),
      Effect.zipRight(Effect.never),
      Effect.catchAll((error) =>
        Effect.sync(() => {
          console.error(`innerspace-sandbox: ${error.message}`)
          process.exitCode = 1
        })
      ),
      Effect.scoped,
      Effect.provide(toStderr)
    )
  )
  let isStopping = false
  // The signals mean, in this order: Ctrl+C, a request of another process to end, a closed
  // terminal, and Ctrl+Break.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const) {
    process.on(signal, () => {
      // The exit code of a signal is 128 plus its number.
      if (isStopping) process.exit(128 + (constants.signals[signal] ?? 0))
      isStopping = true
      Effect.runFork(Fiber.interrupt(fiber))
    })
  }
  // Writing to a closed terminal fails, but the sandbox must still clean up.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
}

const toStderr = Logger.replace(
  Logger.defaultLogger,
  Logger.make(({ message }) =>
    console.error(`innerspace-sandbox: ${Array.isArray(message) ? message.join(" ") : message}`)
  )
)

/** Changes the faults of the sandbox that listens on the port. */
const steer = async (port: number, method: "POST" | "DELETE", body: string): Promise<void> => {
  const url = `http://127.0.0.1:${port}/_sandbox/faults`
  const refused = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    ...(method === "POST" ? { body } : {})
  }).then(
    async (answer) =>
      answer.ok
        ? undefined
        : `the server on port ${port} responded with status ${answer.status}: ${await answer.text()}`,
    () => `no server responds on port ${port}. Pass the port of a running sandbox with --port`
  )
  if (refused === undefined)
    console.log(method === "POST" ? `injected ${body}` : "dropped all faults")
  else {
    console.error(`innerspace-sandbox: ${refused}`)
    process.exitCode = 1
  }
}

Either.match(CommandLine.parse(process.argv.slice(2), process.env), {
  onLeft: (message) => {
    console.error(`innerspace-sandbox: ${message}\nTry innerspace-sandbox --help`)
    process.exitCode = 2
  },
  onRight: (command) => {
    switch (command._tag) {
      case "Help":
        console.log(CommandLine.help)
        return
      case "Version":
        console.log(packageVersion)
        return
      case "Run":
        run(command.options, command.faults)
        return
      case "Inject":
        void steer(command.port, "POST", FaultText.toJson(command.fault))
        return
      case "ClearFaults":
        void steer(command.port, "DELETE", "")
        return
    }
  }
})
