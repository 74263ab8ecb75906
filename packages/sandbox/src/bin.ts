#!/usr/bin/env node
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as CommandLine from "./internal/CommandLine.js"
import { packageVersion } from "./internal/packageVersion.js"
import { welcome } from "./internal/welcome.js"
import * as Sandbox from "./Sandbox.js"

const run = (options: Sandbox.Options): void => {
  const fiber = Effect.runFork(
    Sandbox.make(options).pipe(
      Effect.tap((sandbox) => Effect.sync(() => console.log(welcome(sandbox)))),
      Effect.zipRight(Effect.never),
      Effect.catchAll((error) =>
        Effect.sync(() => {
          console.error(`innerspace-sandbox: ${error.message}`)
          process.exitCode = 1
        })
      ),
      Effect.scoped
    )
  )
  const stop = (): void => {
    Effect.runFork(Fiber.interrupt(fiber))
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
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
        run(command.options)
        return
    }
  }
})
