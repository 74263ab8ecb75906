/**
 * The command `innerspace` as a function, for programs that run the command in their own process.
 */
import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import process from "node:process"
import type { TerminalStream, World } from "./internal/frame/world.js"
import { parse } from "./internal/program/program.js"

/**
 * What the command uses instead of the arguments, streams and other properties of the process. If
 * an option is left out, the command uses the property of the process.
 */
export interface Options {
  /** The words after `innerspace`. */
  readonly argv?: ReadonlyArray<string>
  readonly env?: { readonly [name: string]: string | undefined }
  readonly stdin?: World["stdin"]
  readonly stdout?: World["stdout"]
  readonly stderr?: World["stderr"]
  readonly platform?: NodeJS.Platform
  /** Versions of the runtime and of its time zone data. */
  readonly versions?: World["versions"]
  readonly homeDirectory?: string
  readonly workingDirectory?: string
  /** Interrupts the command, as Ctrl-C does. */
  readonly signal?: AbortSignal
}

/**
 * Runs one command line and resolves with its exit code: 0 done, 1 failed, 2 wrong usage, 3 done
 * but incomplete, 4 login required or rejected, 5 try again later, 130 interrupted. It never
 * rejects.
 *
 * stdout gets data and nothing else. Warnings, progress and errors go to stderr.
 *
 * @example
 * ```ts
 * import { run } from "@innerspace-metrics/cli/Cli"
 *
 * const code = await run({ argv: ["tables", "--json"] })
 * ```
 */
export const run = async (options: Options = {}): Promise<number> => {
  const argv = options.argv ?? process.argv.slice(2)
  const stdout = options.stdout ?? process.stdout
  const stderr = options.stderr ?? process.stderr
  // The reader of a pipe may close the pipe at any time. The stream then emits an `error` event.
  // Without a listener, this event would end the process. The failed write reports the error.
  for (const stream of [stdout, stderr]) stream.on("error", ignore)
  try {
    if (argv[0] === "__complete") {
      await complete(stdout, options, argv.slice(1))
      return 0
    }
    const parsed = await parse(argv, { width: stdout.columns ?? 80, version: packageVersion })
    switch (parsed._tag) {
      case "Text":
        await write(stdout, parsed.text)
        return 0
      case "Usage": {
        const { hint, problem } = parsed
        const error = { code: "UsageError", problem, hint, retryable: false, retryAfter: null }
        if (argv.includes("--json")) {
          const { failed, printEnvelope } = await import("./internal/frame/envelope.js")
          await write(stdout, printEnvelope(failed(error)))
        } else await write(stderr, `innerspace: ${problem}\n${hint}\n`)
        return 2
      }
      case "Command": {
        const [{ execute }, { load }] = await Promise.all([
          import("./internal/frame/execute.js"),
          import("./internal/load.js")
        ])
        const module = await load(parsed.command.name)
        return await execute(module, worldOf(options, stdout, stderr), parsed)
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await write(stderr, `innerspace: ${reason}\nReport it with the command line\n`)
    return 1
  } finally {
    for (const stream of [stdout, stderr]) stream.off("error", ignore)
  }
}

const worldOf = (options: Options, stdout: TerminalStream, stderr: TerminalStream): World => ({
  env: options.env ?? process.env,
  // Node opens stdin when it is first read.
  get stdin() {
    return options.stdin ?? process.stdin
  },
  stdout,
  stderr,
  platform: options.platform ?? process.platform,
  versions: options.versions ?? { node: process.versions.node, tz: process.versions["tz"] },
  homeDirectory: options.homeDirectory ?? homedir(),
  workingDirectory: options.workingDirectory ?? process.cwd(),
  signal: options.signal ?? new AbortController().signal
})

/** Prints the completions that a shell asks for. */
const complete = async (
  stdout: TerminalStream,
  options: Options,
  words: ReadonlyArray<string>
): Promise<void> => {
  const { completions } = await import("./internal/completion/words.js")
  const found = await completions(worldOf(options, stdout, stdout), words)
  await write(stdout, found.map(({ text, value }) => `${value}\t${text}\n`).join(""))
}

const ignore = (): void => {}

const write = (stream: TerminalStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    stream.write(text, () => resolve())
  })

const packageVersion = (): string => {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8")
  return String(JSON.parse(manifest).version)
}
