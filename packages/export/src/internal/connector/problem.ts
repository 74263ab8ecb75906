/** Failures that end a connector or one of its streams. */
import type { CallError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import type * as Connector from "../../Connector.js"
import type { DatasetError } from "../../DatasetError.js"
import type { ExportError } from "../../ExportError.js"

/** A failure that a message can describe. */
export type Problem = CallError | ConfigurationError | DatasetError | ExportError

/**
 * The consumer does not accept more lines. No message can report this failure, because each message
 * is a line.
 */
export class WriteFailed {
  readonly _tag = "WriteFailed"
  constructor(readonly error: ExportError) {}
}

export const writer =
  (write: Connector.Options["write"]) =>
  (lines: string): Effect.Effect<void, WriteFailed> =>
    Effect.mapError(write(lines), (error) => new WriteFailed(error))

/**
 * An effect that ends with the exit code of a connector. It fails with `WriteFailed` or with `E`.
 */
export type Ending<E = never> = Effect.Effect<Connector.ExitCode, WriteFailed | E>

/** Handles all failures except `WriteFailed`. */
export const onProblem = <A, B, R, E, R2>(
  effect: Effect.Effect<A, Problem | WriteFailed, R>,
  handle: (problem: Problem) => Effect.Effect<B, E, R2>
): Effect.Effect<A | B, E | WriteFailed, R | R2> =>
  Effect.catchAll(
    effect,
    (error): Effect.Effect<B, E | WriteFailed, R2> =>
      error._tag === "WriteFailed" ? Effect.fail(error) : handle(error)
  )

/** Replaces a `WriteFailed` with its field `error`, the error of the consumer. */
export const unwrapped = (ending: Ending): Effect.Effect<Connector.ExitCode, ExportError> =>
  Effect.mapError(ending, ({ error }) => error)
