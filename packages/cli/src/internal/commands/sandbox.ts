/** `innerspace sandbox`: runs the sandbox as a process of its own. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { Run } from "../frame/command.js"
import { LocalError } from "../frame/failure.js"
import type { World } from "../frame/world.js"

export const run: Run = (world, { args }) =>
  Effect.gen(function* () {
    const bin = installed()
    const code = yield* child(
      world,
      ...(bin === undefined
        ? (["npx", ["@innerspace-metrics/sandbox", ...args]] as const)
        : ([process.execPath, [bin, ...args]] as const))
    )
    if (code !== 0) {
      return yield* new LocalError(
        `The sandbox has ended with exit code ${code}`,
        "Its message is above"
      )
    }
    return { data: null }
  })

const installed = (): string | undefined => {
  try {
    return fileURLToPath(new URL("./bin.js", import.meta.resolve("@innerspace-metrics/sandbox")))
  } catch {
    return undefined
  }
}

/**
 * Runs a process and returns its exit code. The process has its own process group, so the terminal
 * does not send Ctrl-C to it. Only this code stops it.
 */
const child = (
  { env, stderr, stdout, workingDirectory }: World,
  command: string,
  args: ReadonlyArray<string>
): Effect.Effect<number, LocalError> =>
  Effect.async((resume) => {
    const isOwn = stdout === process.stdout
    const started = spawn(command, args, {
      cwd: workingDirectory,
      env: { ...env },
      stdio: isOwn ? "inherit" : ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32"
    })
    started.stdout?.on("data", (bytes) => stdout.write(bytes))
    started.stderr?.on("data", (bytes) => stderr.write(bytes))
    started.on("error", (error) => {
      resume(
        Effect.fail(
          new LocalError(
            `Could not start ${command}: ${error.message}`,
            "Install @innerspace-metrics/sandbox"
          )
        )
      )
    })
    started.on("close", (code) => {
      resume(Effect.succeed(code ?? 1))
    })
    return Effect.async<void>((done) => {
      if (started.exitCode !== null) return done(Effect.void)
      started.on("close", () => done(Effect.void))
      started.kill("SIGTERM")
    })
  })
