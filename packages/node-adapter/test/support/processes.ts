/** Starts Node processes that use a file token store. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"

const program = fileURLToPath(new URL("tokenProcess.mjs", import.meta.url))

/**
 * The instant from which on the clocks of the processes are slower. It is the same for all
 * processes of a test file.
 */
const slowedSince = Date.now()

export interface Process {
  /**
   * Waits until the process has printed this many lines, and returns all of its lines. The first
   * line says that the process is ready.
   */
  readonly awaitLines: (count: number) => Effect.Effect<ReadonlyArray<string>>
  /** Tells the process to start its task. */
  readonly start: Effect.Effect<void>
  /** Kills the process, and waits for its exit. */
  readonly kill: Effect.Effect<void>
}

export interface Options {
  /**
   * The task of the process. `login` prints a token and exits. `write` stores tokens until the
   * process is killed, and prints a line for each token.
   */
  readonly mode: "login" | "write"
  readonly directory: string
  readonly baseUrl: string
  /** The length of a second of the process's clock, in real seconds. Default 1. */
  readonly slowedBy?: number
}

export const make = (
  sandbox: Sandbox.Service,
  options: Options
): Effect.Effect<Process, never, Scope.Scope> =>
  Effect.gen(function* () {
    const argument = JSON.stringify({
      slowedBy: 1,
      ...options,
      slowedSince,
      clientId: sandbox.clientId,
      clientSecret: Redacted.value(sandbox.clientSecret)
    })
    let printed = ""
    const lines = () => printed.split("\n").slice(0, -1)
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, [program, argument], { stdio: ["pipe", "pipe", "inherit"] })
      ),
      kill
    )
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text
    })
    return {
      // Waits for output instead of polling, because the processes need the CPU time.
      awaitLines: (count) =>
        Effect.promise(async () => {
          while (lines().length < count) await once(child.stdout, "data")
          return lines()
        }),
      start: Effect.sync(() => child.stdin.write("go\n")),
      kill: kill(child)
    }
  })

const kill = (child: ChildProcess): Effect.Effect<void> =>
  Effect.promise(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill("SIGKILL")
    await once(child, "exit")
  })
