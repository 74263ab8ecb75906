/** The input of a command, and its result. */
import type * as Effect from "effect/Effect"
import type { CommandDefinition } from "../definitions/definition.js"
import type { Failure } from "./failure.js"
import type { Output } from "./output.js"
import type { World } from "./world.js"

export type OptionValue = string | boolean | ReadonlyArray<string>

/** A command line that was read. */
export interface Input {
  readonly command: CommandDefinition
  readonly args: ReadonlyArray<string>
  readonly options: { readonly [name: string]: OptionValue | undefined }
}

/** The result of a command. */
export interface Outcome {
  /** The `data` of the envelope of `--json`. */
  readonly data: unknown
  /** Prints the data for people, or in a file format. Not called with `--json`. */
  readonly print?: (output: Output) => Effect.Effect<void, Failure>
  /** Whether the result has everything that was requested. Otherwise the exit code is 3. */
  readonly isComplete?: boolean
  readonly isTruncated?: boolean
  readonly freshness?: { readonly [name: string]: string | null }
  readonly warnings?: ReadonlyArray<string>
}

/** The envelope of `--json` while a command runs. */
export interface Reply {
  /**
   * Writes rows into the envelope's `data` as they arrive. The outcome's `data` is then ignored.
   */
  readonly rows: (rows: ReadonlyArray<unknown>) => Effect.Effect<void, Failure>
}

export type Run = (world: World, input: Input, reply: Reply) => Effect.Effect<Outcome, Failure>

export interface CommandModule {
  readonly run: Run
}
