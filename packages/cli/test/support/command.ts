/** Runs a command line in this process, with streams, settings and folders of its own. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough, Writable } from "node:stream"
import { type Options, run } from "@innerspace-metrics/cli/Cli"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly bytes: Buffer
}

export interface Setting extends Omit<Options, "argv" | "stdin" | "stdout" | "stderr"> {
  readonly stdin?: string
  /** The width of the terminal in columns. Without this setting, stdout and stderr are pipes. */
  readonly terminal?: number
}

class Collector extends Writable {
  readonly parts: Array<Buffer> = []
  declare readonly isTTY?: boolean
  declare readonly columns?: number

  constructor(columns: number | undefined) {
    super()
    if (columns !== undefined) Object.assign(this, { isTTY: true, columns })
  }

  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.parts.push(part)
    done()
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts)
  }
}

/** Splits a line into words, as a shell does. Blanks in single quotes do not separate words. */
export const wordsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "")

export const innerspace = async (
  line: string | ReadonlyArray<string>,
  { stdin = "", terminal, ...setting }: Setting = {}
): Promise<Result> => {
  const stdout = new Collector(terminal)
  const stderr = new Collector(terminal)
  const input = new PassThrough()
  input.end(stdin)
  const code = await run({
    env: {},
    ...setting,
    argv: typeof line === "string" ? wordsOf(line) : line,
    stdin: input,
    stdout,
    stderr
  })
  return {
    code,
    stdout: stdout.bytes.toString("utf8"),
    stderr: stderr.bytes.toString("utf8"),
    bytes: stdout.bytes
  }
}

/** A new folder with nothing in it, removed at the end of the test. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "cli-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

export interface Shell {
  readonly home: string
  readonly env: { readonly [name: string]: string }
  readonly run: (line: string | ReadonlyArray<string>, setting?: Setting) => Effect.Effect<Result>
}

/**
 * Returns a function that runs command lines against the sandbox of the test file, in a new home
 * folder.
 */
export const shellOf = (
  api: "v1" | "v1.5" | "v2" = "v1"
): Effect.Effect<Shell, never, Sandbox.Sandbox | Scope.Scope> =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const home = yield* folder
    const env = {
      INNERSPACE_CLIENT_ID: sandbox.clientId,
      INNERSPACE_CLIENT_SECRET: Redacted.value(sandbox.clientSecret),
      INNERSPACE_BASE_URL: sandbox.urls[api],
      INNERSPACE_API: api,
      HOME: home
    }
    const common = { homeDirectory: home, workingDirectory: home, platform: "linux" as const }
    return {
      home,
      env,
      run: (line, setting = {}) =>
        Effect.promise(() =>
          innerspace(line, { ...common, ...setting, env: { ...env, ...setting.env } })
        )
    }
  })
