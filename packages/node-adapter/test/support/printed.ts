/**
 * Makes the texts in which a value of the library can get into a log, a report or another process.
 */
import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

const inspectWholly = (value: unknown): string =>
  inspect(value, {
    depth: null,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null
  })

const asJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    // A value with a cycle cannot be written as JSON, so its JSON cannot show a secret.
    return ""
  }
}

const clone = (value: unknown): unknown => {
  try {
    return structuredClone(value)
  } catch {
    // A value with a function cannot be sent to another process.
    return undefined
  }
}

/** The texts of a value in all forms. */
export const renderings = (value: unknown): ReadonlyArray<string> => [
  String(value),
  inspectWholly(value),
  asJson(value),
  inspectWholly(clone(value)),
  asJson(clone(value)),
  Cause.pretty(Cause.fail(value), { renderErrorCause: true }),
  Cause.pretty(Cause.die(value), { renderErrorCause: true }),
  inspectWholly(Exit.fail(value)),
  asJson(Exit.fail(value)),
  value instanceof Error ? `${value.stack}` : ""
]

const levels = [
  LogLevel.Trace,
  LogLevel.Debug,
  LogLevel.Info,
  LogLevel.Warning,
  LogLevel.Error,
  LogLevel.Fatal
]

/**
 * Returns the output of a program through each logger of Effect. The program can read the list of
 * lines while it grows.
 */
export const logged = <A, E, R>(
  program: (lines: ReadonlyArray<string>) => Effect.Effect<A, E, R>
): Effect.Effect<
  { readonly exit: Exit.Exit<A, E>; readonly lines: ReadonlyArray<string> },
  never,
  R
> =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const print = (...args: ReadonlyArray<unknown>) => {
      for (const arg of args) lines.push(typeof arg === "string" ? arg : inspectWholly(arg))
    }
    // Loggers use only the field `unsafe` of the console.
    const console = {
      ...(yield* Effect.console),
      unsafe: new Proxy(globalThis.console, { get: () => print })
    }
    const exit = yield* Effect.exit(program(lines)).pipe(
      Effect.provide(
        Layer.mergeAll(
          Logger.remove(Logger.defaultLogger),
          Logger.minimumLogLevel(LogLevel.All),
          ...[
            Logger.withConsoleLog(Logger.stringLogger),
            Logger.withConsoleLog(Logger.logfmtLogger),
            Logger.withConsoleLog(Logger.jsonLogger),
            Logger.withConsoleLog(Logger.structuredLogger),
            Logger.prettyLogger({ colors: false, mode: "tty" }),
            Logger.prettyLogger({ colors: false, mode: "browser" })
          ].map(Logger.add)
        )
      ),
      Effect.withConsole(console)
    )
    return { exit, lines }
  })

/** Logs values at every level, as a message and as a cause. */
export const logAtEveryLevel = (values: ReadonlyArray<unknown>): Effect.Effect<void> =>
  Effect.forEach(
    levels,
    (level) =>
      Effect.forEach(values, (value) =>
        Effect.logWithLevel(level, "value", value, Cause.fail(value))
      ),
    { discard: true }
  )

/** Everything that a tracer gets about the spans of a program. */
export const traced = <A, E, R>(
  program: Effect.Effect<A, E, R>
): Effect.Effect<
  { readonly exit: Exit.Exit<A, E>; readonly spans: ReadonlyArray<string> },
  never,
  R
> =>
  Effect.gen(function* () {
    const told: Array<unknown> = []
    const tracer = Tracer.make({
      span: (name, parent, context, links, startTime, kind, options) => {
        told.push(name, links, options)
        const attributes = new Map<string, unknown>()
        const span: Tracer.Span = {
          _tag: "Span",
          name,
          spanId: String(told.length),
          traceId: Option.match(parent, {
            onNone: () => String(told.length),
            onSome: ({ traceId }) => traceId
          }),
          parent,
          context,
          status: { _tag: "Started", startTime },
          attributes,
          links,
          sampled: true,
          kind,
          attribute: (key, value) => {
            attributes.set(key, value)
            told.push(key, value)
          },
          event: (event, _time, eventAttributes) => told.push(event, eventAttributes),
          addLinks: (added) => told.push(added),
          end: (_time, exit) => told.push(exit)
        }
        return span
      },
      context: (run) => run()
    })
    const exit = yield* Effect.withTracer(Effect.exit(program), tracer)
    return { exit, spans: told.flatMap(renderings) }
  })
