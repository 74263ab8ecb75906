/**
 * A Singer tap, which sends SCHEMA, RECORD and STATE messages as JSON lines. The program
 * `innerspace-singer-tap` of this package runs the tap.
 *
 * Each table is a stream. The rows are sent in parts. A part has the rows of one building,
 * granularity, metric and month. A STATE message follows the rows of each part.
 */
import * as Effect from "effect/Effect"
import type * as Connector from "./Connector.js"
import type { ExportError } from "./ExportError.js"
import * as tap from "./internal/connector/singer.js"

/**
 * The input of a tap. The fields contain the parsed JSON of the files that the command line names.
 */
export type Command = tap.Command

/**
 * Runs the tap. The exit code says whether all rows were sent. Failures are logged by
 * `Effect.logError`, because the protocol has no message for them. The effect fails only if `write`
 * fails.
 *
 * - With `discover: true` it sends the catalogue: the tables that the configuration can read.
 * - Otherwise it sends the streams that the catalogue selects (`"selected": true` in the metadata),
 *   or all streams if there is no catalogue. A stream with `"replication-method": "FULL_TABLE"`
 *   does not use the state. Other streams read new rows, and read the last `look_back_days` days
 *   again. If the start date is earlier than in the last run, they also read the days from that
 *   date.
 *
 * All rows of a part are checked before the first row is sent. If a row has a null in its key, the
 * key of another row, or a time outside the part, the stream of the table ends. The other streams
 * are still read.
 *
 * @example
 * ```ts
 * import { Singer } from "@innerspace-metrics/export"
 * import { NodeMetrics } from "@innerspace-metrics/node-adapter"
 * import * as Effect from "effect/Effect"
 *
 * const discover = (config: unknown) =>
 *   Singer.run(
 *     { config, discover: true },
 *     {
 *       connect: NodeMetrics.layer,
 *       write: (lines) => Effect.sync(() => void process.stdout.write(lines))
 *     }
 *   )
 * ```
 */
export const run: (
  command: Command,
  options: Connector.Options
) => Effect.Effect<Connector.ExitCode, ExportError> = tap.run

/**
 * Reads the arguments of a command line, such as `--config c.json --catalog k.json --state s.json`,
 * and the files that they name.
 *
 * Fails with an `ExportError`: `InvalidOption` for wrong arguments or a file that is not JSON,
 * `FileSystem` for a file that cannot be read.
 *
 * @example
 * ```ts
 * import { Singer } from "@innerspace-metrics/export"
 *
 * const discover = Singer.commandOf(["--config", "config.json", "--discover"])
 * ```
 */
export const commandOf: (args: ReadonlyArray<string>) => Effect.Effect<Command, ExportError> =
  tap.commandOf

/**
 * Runs the whole program: reads the arguments as `commandOf` does, and runs the command as `run`
 * does. Wrong arguments are logged.
 *
 * @example
 * ```ts
 * import { Singer } from "@innerspace-metrics/export"
 * import { NodeMetrics } from "@innerspace-metrics/node-adapter"
 * import * as Effect from "effect/Effect"
 *
 * const program = Singer.main(process.argv.slice(2), {
 *   connect: NodeMetrics.layer,
 *   write: (lines) => Effect.sync(() => void process.stdout.write(lines))
 * })
 * ```
 */
export const main = (
  args: ReadonlyArray<string>,
  options: Connector.Options
): Effect.Effect<Connector.ExitCode, ExportError> =>
  Effect.matchEffect(tap.commandOf(args), {
    onFailure: ({ message }) => Effect.as(Effect.logError(message), 1 as const),
    onSuccess: (command) => tap.run(command, options)
  })
