/**
 * The built demo as a process of its own.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"

/** How a run of the demo ended, and what it printed. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a run gets. */
export interface Options {
  /** Added to an environment that has no settings of the demo and none for colours. */
  readonly environment?: Readonly<Record<string, string>>
  /** Whether it goes on to serve the page. Default false. */
  readonly withPage?: boolean
  /** Called with all that was printed so far, each time that more is printed. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void
}

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url))

/** Runs the demo to its end; interrupting it kills it. */
export const runDemo = ({
  environment = {},
  withPage = false,
  onOutput
}: Options = {}): Effect.Effect<Run> =>
  Effect.async((resume) => {
    const child = spawn(process.execPath, withPage ? [main] : [main, "--once"], {
      env: { ...inherited(), ...environment },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
      onOutput?.(stdout, child)
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
    })
    child.on("error", (error) => resume(Effect.die(error)))
    child.on("close", (code) => resume(Effect.succeed({ code, stdout, stderr })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:INNERSPACE_.*|NO_COLOR|FORCE_COLOR|CI)$/.test(name)
    )
  )
