/**
 * Runs a command. Its result goes to stdout, and everything else to stderr. Returns the exit code.
 */
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type { CommandModule, Input, Outcome, Reply } from "./command.js"
import {
  closeEnvelope,
  type Envelope,
  failed,
  openEnvelope,
  printEnvelope,
  printRows
} from "./envelope.js"
import {
  type Described,
  describe,
  type ExitCode,
  exitCodeOf,
  exitCodes,
  type Failure
} from "./failure.js"
import { makeOutput, type Output, writeTo } from "./output.js"
import type { World } from "./world.js"

export const execute = async (
  { run }: CommandModule,
  world: World,
  input: Input
): Promise<ExitCode> => {
  const isJson = input.options["json"] === true
  const isQuiet = input.options["quiet"] === true
  const output = makeOutput(world, input.options["color"] === false)
  const warnings: Array<string> = []
  const warn = (text: string): Effect.Effect<void> => {
    warnings.push(text)
    return isQuiet || isJson
      ? Effect.void
      : Effect.ignore(writeTo(world.stderr, `warning: ${text}\n`))
  }
  const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
    if (LogLevel.lessThan(logLevel, LogLevel.Warning)) return
    Effect.runFork(warn(Array.isArray(message) ? message.map(String).join(" ") : String(message)))
  })
  const envelope = makeEnvelope(world)
  const program = run(world, input, envelope).pipe(
    Effect.flatMap((outcome) =>
      Effect.zipRight(
        Effect.forEach(outcome.warnings ?? [], warn, { discard: true }),
        Effect.as(show(outcome, output, isJson ? envelope : undefined, warnings), outcome)
      )
    ),
    Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
    // The adapter reads proxies from this provider.
    Effect.withConfigProvider(ConfigProvider.fromMap(variablesOf(world)))
  )
  const exit = await Effect.runPromiseExit(program, { signal: world.signal })
  if (Exit.isSuccess(exit)) {
    return exit.value.isComplete === false ? exitCodes.incomplete : exitCodes.done
  }
  const failure = Cause.failureOption(exit.cause)
  const [code, described] =
    failure._tag === "Some"
      ? [exitCodeOf(failure.value), describe(failure.value)]
      : Cause.isInterrupted(exit.cause)
        ? [exitCodes.interrupted, interrupted]
        : [exitCodes.failed, defect(exit.cause)]
  if (described.code === "OutputClosed" || isClosedPipe(failure)) return exitCodes.done
  await Effect.runPromise(
    Effect.ignore(
      isJson
        ? envelope.end(failed(described, warnings))
        : writeTo(world.stderr, messageOf(input.command.name, described))
    )
  )
  return code
}

const variablesOf = ({ env }: World): Map<string, string> =>
  new Map(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const]
    )
  )

const show = (
  outcome: Outcome,
  output: Output,
  envelope: EnvelopeWriter | undefined,
  warnings: ReadonlyArray<string>
): Effect.Effect<void, Failure> => {
  if (envelope === undefined) return outcome.print?.(output) ?? Effect.void
  return Effect.suspend(() =>
    envelope.end({
      schema: 1,
      ok: true,
      data: outcome.data ?? null,
      complete: outcome.isComplete ?? true,
      truncated: outcome.isTruncated ?? false,
      freshness: outcome.freshness ?? null,
      warnings,
      error: null
    })
  )
}

interface EnvelopeWriter extends Reply {
  readonly end: (envelope: Envelope) => Effect.Effect<void, Failure>
}

const makeEnvelope = ({ stdout }: World): EnvelopeWriter => {
  let isOpen = false
  let isEnded = false
  return {
    rows: (rows) =>
      Effect.suspend(() => {
        if (rows.length === 0) return Effect.void
        const text = `${isOpen ? "" : openEnvelope}${printRows(rows, !isOpen)}`
        isOpen = true
        return writeTo(stdout, text)
      }),
    end: (envelope) =>
      Effect.suspend(() => {
        // An interruption during the last write calls `end` again. The end of the envelope must be
        // written only once.
        if (isEnded) return Effect.void
        isEnded = true
        return writeTo(stdout, isOpen ? closeEnvelope(envelope) : printEnvelope(envelope))
      })
  }
}

/** An error as text: the problem on one line, and the next step on another. */
const messageOf = (
  command: string,
  { hint, problem }: Pick<Described, "problem" | "hint">
): string =>
  `innerspace${command === "" ? "" : ` ${command}`}: ${problem}\n${hint === "" ? "" : `${hint}\n`}`

const interrupted: Described = {
  code: "Interrupted",
  problem: "Interrupted",
  hint: "Run the same command again",
  retryable: true,
  retryAfter: null
}

const defect = (cause: Cause.Cause<unknown>): Described => ({
  code: "Unexpected",
  problem: `An unexpected error, which is a mistake in this program: ${Cause.pretty(cause)}`,
  hint: "Report it with the command line",
  retryable: false,
  retryAfter: null
})

/** Whether a file format was written to a closed pipe. */
const isClosedPipe = (failure: { readonly _tag: string; readonly value?: Failure }): boolean =>
  failure.value?._tag === "ExportError" &&
  (failure.value.code === "EPIPE" || failure.value.code === "ERR_STREAM_DESTROYED")
