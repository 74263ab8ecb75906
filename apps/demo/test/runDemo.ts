/** Runs the built demo as a process. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"

/** The exit code and the output of a run. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run the demo. */
export interface Options {
  /** Variables for the demo. All other variables come from `inherited`. */
  readonly environment?: Readonly<Record<string, string>>
  /** Whether the demo serves the page after it has printed its output. Default false. */
  readonly withPage?: boolean
  /** Called with the whole output so far, each time that the demo prints something. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void
}

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url))

/** Runs the demo until it exits. An interruption kills it. */
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

/** The environment of this process, without the settings of the demo and of colours. */
export const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:INNERSPACE_.*|NO_COLOR|FORCE_COLOR|CI)$/.test(name)
    )
  )
