/** A Singer tap. */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Connector from "../../Connector.js"
import type { ExportError } from "../../ExportError.js"
import { invalid, jsonOf, parse } from "./arguments.js"
import { readConfig } from "./config.js"
import { parts } from "./feed.js"
import { type Ending, onProblem, type Problem, unwrapped, writer } from "./problem.js"
import { lines } from "./record.js"
import { bookmarksOf, schemaMessage, selectedStreams, streamOf } from "./singerCatalog.js"
import * as State from "./state.js"

export interface Command {
  readonly config: unknown
  /** Send the catalogue and no rows. */
  readonly discover?: boolean
  readonly catalog?: unknown
  /** The value of the last STATE message of the last run. */
  readonly state?: unknown
}

const usage = "Call --config FILE --discover, or --config FILE [--catalog FILE] [--state FILE]"

export const commandOf = (args: ReadonlyArray<string>): Effect.Effect<Command, ExportError> =>
  Effect.gen(function* () {
    const { positionals, values } = yield* parse(
      args,
      {
        config: { type: "string", short: "c" },
        catalog: { type: "string" },
        // Older versions of Singer call the catalogue `properties`.
        properties: { type: "string", short: "p" },
        state: { type: "string", short: "s" },
        discover: { type: "boolean", short: "d" }
      },
      usage
    )
    if (positionals.length > 0)
      return yield* invalid(`The argument ${positionals[0]} has no name`, usage)
    const catalog = values["catalog"] === undefined ? "properties" : "catalog"
    return {
      config: yield* jsonOf(values, "config", usage),
      discover: values["discover"] === true,
      ...(values[catalog] === undefined ? {} : { catalog: yield* jsonOf(values, catalog, usage) }),
      ...(values["state"] === undefined ? {} : { state: yield* jsonOf(values, "state", usage) })
    }
  })

export const run = (
  command: Command,
  options: Connector.Options
): Effect.Effect<Connector.ExitCode, ExportError> =>
  unwrapped(
    onProblem(
      command.discover === true ? discover(command, options) : sync(command, options),
      (problem) => Effect.as(Effect.logError(problem.message), 1 as const)
    )
  )

const discover = ({ config }: Command, { tables, write }: Connector.Options): Ending<Problem> =>
  Effect.gen(function* () {
    const connection = yield* readConfig(config, tables)
    for (const { problem } of connection.others) yield* Effect.logInfo(`Not offered: ${problem}`)
    const streams = connection.tables.map(streamOf)
    // The catalogue is a file that people read too, so it is indented. It is not a message.
    yield* writer(write)(`${JSON.stringify({ streams }, null, 2)}\n`)
    return 0 as const
  })

const sync = (
  { catalog, config, state }: Command,
  { connect, tables, write: consume }: Connector.Options
): Ending<Problem> =>
  Effect.gen(function* () {
    const write = writer(consume)
    const { contents, login, tables: offered } = yield* readConfig(config, tables)
    const selected = yield* selectedStreams(offered, catalog)
    if (selected.length === 0) yield* Effect.logWarning("The catalogue selects no stream")
    const bookmarks: { [stream: string]: unknown } = { ...(yield* bookmarksOf(state)) }
    // All states are checked before the first row is sent.
    const begun = yield* Effect.forEach(selected, (stream) => {
      const { columns, isFullTable, table } = stream
      const given = isFullTable ? undefined : bookmarks[table.name]
      return Effect.map(
        given === undefined ? Effect.succeed(undefined) : State.decode(table.name, given),
        (given) => ({ stream, state: State.begin(table, columns, given, undefined) })
      )
    })
    const sent = Effect.gen(function* () {
      const metrics = yield* MetricsClient.MetricsClient
      let exitCode: Connector.ExitCode = 0
      for (const { state, stream } of begun) {
        const { columns, table } = stream
        yield* write(`${JSON.stringify(schemaMessage(stream))}\n`)
        const problem = yield* onProblem(
          Effect.as(
            Stream.runForEach(parts(metrics.columns, contents, table, state), ({ rows, state }) =>
              Effect.gen(function* () {
                const extracted = new Date(yield* Clock.currentTimeMillis).toISOString()
                const before = `{"type":"RECORD","stream":${JSON.stringify(table.name)},"time_extracted":"${extracted}","record":`
                for (const text of lines(table, new Set(columns), before, "}")(rows)) {
                  yield* Effect.flatMap(text, write)
                }
                bookmarks[table.name] = state
                yield* write(`${JSON.stringify({ type: "STATE", value: { bookmarks } })}\n`)
              })
            ),
            undefined
          ),
          Effect.succeed
        )
        if (problem === undefined) continue
        exitCode = 1
        yield* Effect.logError(`${table.name}: ${problem.message}`)
        // Without a token, no other table can be read either.
        if (problem._tag === "AuthError") break
      }
      return exitCode
    })
    return yield* Effect.provide(sent, connect(login))
  })
