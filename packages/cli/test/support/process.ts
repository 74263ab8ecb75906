/** Runs the command in its own process, with pipes, signals or a pseudo-terminal. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"

execFileSync(process.execPath, [fileURLToPath(new URL("../../tools/bundle.mjs", import.meta.url))])

/** The command as the package ships it. */
export const bin = fileURLToPath(new URL("../../dist/bin.cjs", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Effect.Effect<Ended>
  /** Returns what the process has printed on stderr so far. */
  readonly seen: () => string
}

export const start = (
  command: string,
  args: ReadonlyArray<string>,
  env: { readonly [name: string]: string },
  cwd: string
): Running => {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["pipe", "pipe", "pipe"]
  })
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (bytes) => {
    stdout += bytes
  })
  child.stderr.on("data", (bytes) => {
    stderr += bytes
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout, stderr })
    })
  })
  return { child, ended: Effect.promise(() => ended), seen: () => stderr }
}

/**
 * Runs the command on a pseudo-terminal, which `script` of util-linux makes. `columns` is the width
 * of the terminal.
 */
export const onTerminal = (
  line: string,
  columns: number,
  env: { readonly [name: string]: string },
  cwd: string
): Running =>
  start(
    "script",
    ["-qec", `stty cols ${columns}; exec '${process.execPath}' '${bin}' ${line}`, "/dev/null"],
    { ...env, TERM: "xterm-256color", SHELL: "/bin/sh" },
    cwd
  )

/** Waits until the process has printed a text. */
export const printed = (child: ChildProcess, text: string): Effect.Effect<void> =>
  Effect.promise(
    () =>
      new Promise<void>((resolve) => {
        let seen = ""
        for (const stream of [child.stdout, child.stderr]) {
          stream?.on("data", (bytes) => {
            seen += bytes
            if (seen.includes(text)) resolve()
          })
        }
      })
  )
