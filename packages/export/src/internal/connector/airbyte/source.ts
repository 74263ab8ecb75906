/** The commands of an Airbyte source. */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Connector from "../../../Connector.js"
import type { ExportError } from "../../../ExportError.js"
import type { Contents } from "../../dataset/definition.js"
import type { StreamColumns } from "../../source.js"
import { invalid, jsonOf, parse } from "../arguments.js"
import { readConfig, specification } from "../config.js"
import { parts } from "../feed.js"
import { probe } from "../probe.js"
import { type Ending, onProblem, type Problem, unwrapped, type WriteFailed } from "../problem.js"
import { lines } from "../record.js"
import type * as State from "../state.js"
import { beginning, type Selected, selectedStreams, statesOf, streamOf } from "./catalog.js"
import { Messages } from "./messages.js"

export type Command =
  | { readonly command: "spec" }
  | { readonly command: "check"; readonly config: unknown }
  | { readonly command: "discover"; readonly config: unknown }
  | {
      readonly command: "read"
      readonly config: unknown
      /** The configured catalogue: streams with their sync modes. */
      readonly catalog: unknown
      /** The states of the last run, one for each stream. */
      readonly state?: unknown
    }

const usage =
  "Call spec, check --config FILE, discover --config FILE, or read --config FILE --catalog FILE [--state FILE]"

export const commandOf = (args: ReadonlyArray<string>): Effect.Effect<Command, ExportError> =>
  Effect.gen(function* () {
    const { positionals, values } = yield* parse(
      args,
      { config: { type: "string" }, catalog: { type: "string" }, state: { type: "string" } },
      usage
    )
    const [command, ...more] = positionals
    if (more.length > 0) {
      return yield* invalid(`There is more than one command: ${positionals.join(", ")}`, usage)
    }
    switch (command) {
      case "spec":
        return { command }
      case "check":
      case "discover":
        return { command, config: yield* jsonOf(values, "config", usage) }
      case "read": {
        const files = {
          config: yield* jsonOf(values, "config", usage),
          catalog: yield* jsonOf(values, "catalog", usage)
        }
        return values["state"] === undefined
          ? { command, ...files }
          : { command, ...files, state: yield* jsonOf(values, "state", usage) }
      }
      default:
        return yield* invalid(
          command === undefined ? "There is no command" : `The command ${command} is not known`,
          usage
        )
    }
  })

/** Reports wrong arguments as a message. */
export const refuse = (
  error: ExportError,
  { write }: Connector.Options
): Effect.Effect<Connector.ExitCode, ExportError> =>
  unwrapped(Effect.as(new Messages(write).error(error), 1))

export const run = (
  command: Command,
  options: Connector.Options
): Effect.Effect<Connector.ExitCode, ExportError> => {
  const messages = new Messages(options.write)
  return unwrapped(
    onProblem(runCommand(messages, command, options), (problem) =>
      Effect.as(messages.error(problem), 1 as const)
    )
  )
}

const runCommand = (
  messages: Messages,
  command: Command,
  options: Connector.Options
): Ending<Problem> => {
  switch (command.command) {
    case "spec":
      return Effect.as(
        messages.send("SPEC", "spec", {
          protocol_version: "0.3.2",
          connectionSpecification: specification,
          supportsIncremental: true
        }),
        0
      )
    case "check":
      return check(messages, command.config, options)
    case "discover":
      return discover(messages, command.config, options)
    case "read":
      return read(messages, command.config, command.catalog, command.state, options)
  }
}

const check = (
  messages: Messages,
  config: unknown,
  { connect, tables }: Connector.Options
): Ending =>
  Effect.gen(function* () {
    const connection = yield* readConfig(config, tables)
    yield* Effect.provide(probe(connection), connect(connection.login))
  }).pipe(
    Effect.match({
      onFailure: ({ message }) => ({ status: "FAILED", message }),
      onSuccess: () => ({ status: "SUCCEEDED" })
    }),
    // The message contains the result of the check. The exit code only says that the check ran.
    Effect.flatMap((status) => messages.send("CONNECTION_STATUS", "connectionStatus", status)),
    Effect.as(0)
  )

const discover = (
  messages: Messages,
  config: unknown,
  { tables }: Connector.Options
): Ending<Problem> =>
  Effect.gen(function* () {
    const connection = yield* readConfig(config, tables)
    for (const { problem } of connection.others) {
      yield* messages.log("INFO", `Not offered: ${problem}`)
    }
    yield* messages.send("CATALOG", "catalog", { streams: connection.tables.map(streamOf) })
    return 0 as const
  })

const read = (
  messages: Messages,
  config: unknown,
  catalog: unknown,
  state: unknown,
  { connect, tables }: Connector.Options
): Ending<Problem> =>
  Effect.gen(function* () {
    const { contents, login, tables: offered } = yield* readConfig(config, tables)
    const selected = yield* selectedStreams(offered, catalog)
    const states = yield* statesOf(state)
    // All states are checked before the first row is sent.
    const begun = yield* Effect.forEach(selected, (stream) =>
      Effect.map(beginning(stream, states.get(stream.table.name)), (state) => ({ state, stream }))
    )
    const sent = Effect.gen(function* () {
      const { columns: rows } = yield* MetricsClient.MetricsClient
      let exitCode: Connector.ExitCode = 0
      for (const { state, stream } of begun) {
        const { name } = stream.table
        if (stream.isAppended && !stream.isFullRefresh) {
          yield* messages.log(
            "WARN",
            `${name}: the rows of the look-back are sent again, and a destination that appends keeps both. Choose append_dedup`
          )
        }
        yield* messages.status(name, "STARTED")
        const problem = yield* onProblem(
          Effect.as(sendTable(messages, rows, contents, stream, state), undefined),
          Effect.succeed
        )
        yield* messages.status(name, problem === undefined ? "COMPLETE" : "INCOMPLETE")
        if (problem === undefined) continue
        exitCode = 1
        yield* messages.error(problem, name)
        // Without a token, no other table can be read either.
        if (problem._tag === "AuthError") break
      }
      return exitCode
    })
    return yield* Effect.provide(sent, connect(login))
  })

const sendTable = (
  messages: Messages,
  stream: StreamColumns,
  contents: Contents,
  { columns, table }: Selected,
  state: State.StreamState
): Effect.Effect<void, Problem | WriteFailed> => {
  let isRunning = false
  return Stream.runForEach(parts(stream, contents, table, state), ({ rows, state }) =>
    Effect.gen(function* () {
      if (rows.length > 0 && !isRunning) {
        isRunning = true
        yield* messages.status(table.name, "RUNNING")
      }
      const before = `{"type":"RECORD","record":{"stream":${JSON.stringify(table.name)},"emitted_at":${yield* Clock.currentTimeMillis},"data":`
      for (const text of lines(table, new Set(columns), before, "}}")(rows)) {
        yield* Effect.flatMap(text, messages.write)
      }
      yield* messages.state(table.name, state, rows.length)
    })
  )
}
