/**
 * An Airbyte source, which sends the messages of the Airbyte protocol as JSON lines. The program
 * `innerspace-airbyte-source` of this package runs the source.
 *
 * Each table is a stream. The key columns of the table are the primary key, and the time column is
 * the cursor. The rows are sent in parts. A part has the rows of one building, granularity, metric
 * and month. A state message follows the rows of each part.
 */
import * as Effect from "effect/Effect"
import type * as Connector from "./Connector.js"
import type { ExportError } from "./ExportError.js"
import * as source from "./internal/connector/airbyte/source.js"

/**
 * A command of the protocol. The fields contain the parsed JSON of the files that Airbyte passes.
 */
export type Command = source.Command

/**
 * Runs a command. Failures become messages, and the exit code says whether something failed. The
 * effect fails only if `write` fails.
 *
 * - `spec` sends the JSON Schema of the configuration, in which the client secret is marked
 *   `airbyte_secret`
 * - `read` sends rows and states. `incremental` reads new rows, and reads the last `look_back_days`
 *   days again. If the start date is earlier than in the last run, `incremental` also reads the
 *   days from that date. `full_refresh` reads everything. `full_refresh` continues an earlier
 *   attempt only if that attempt failed and had the same `sync_id`.
 *
 * All rows of a part are checked before the first row is sent. If a row has a null in its key, the
 * key of another row, or a time outside the part, the stream of the table ends with an error. The
 * other streams are still read.
 *
 * @example
 * ```ts
 * import { Airbyte } from "@innerspace-metrics/export"
 * import { NodeMetrics } from "@innerspace-metrics/node-adapter"
 * import * as Effect from "effect/Effect"
 *
 * const discover = (config: unknown) =>
 *   Airbyte.run(
 *     { command: "discover", config },
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
) => Effect.Effect<Connector.ExitCode, ExportError> = source.run

/**
 * Reads the arguments of a command line, such as `read --config c.json --catalog k.json`, and the
 * files that they name.
 *
 * Fails with an `ExportError`: `InvalidOption` for wrong arguments or a file that is not JSON,
 * `FileSystem` for a file that cannot be read.
 *
 * @example
 * ```ts
 * import { Airbyte } from "@innerspace-metrics/export"
 *
 * const check = Airbyte.commandOf(["check", "--config", "config.json"])
 * ```
 */
export const commandOf: (args: ReadonlyArray<string>) => Effect.Effect<Command, ExportError> =
  source.commandOf

/**
 * Runs the whole program: reads the arguments as `commandOf` does, and runs the command as `run`
 * does. Wrong arguments are reported in a message too.
 *
 * @example
 * ```ts
 * import { Airbyte } from "@innerspace-metrics/export"
 * import { NodeMetrics } from "@innerspace-metrics/node-adapter"
 * import * as Effect from "effect/Effect"
 *
 * const program = Airbyte.main(process.argv.slice(2), {
 *   connect: NodeMetrics.layer,
 *   write: (lines) => Effect.sync(() => void process.stdout.write(lines))
 * })
 * ```
 */
export const main = (
  args: ReadonlyArray<string>,
  options: Connector.Options
): Effect.Effect<Connector.ExitCode, ExportError> =>
  Effect.matchEffect(source.commandOf(args), {
    onFailure: (error) => source.refuse(error, options),
    onSuccess: (command) => source.run(command, options)
  })
