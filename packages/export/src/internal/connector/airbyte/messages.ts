/** The messages of an Airbyte source, as lines. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Connector from "../../../Connector.js"
import { type Problem, type WriteFailed, writer } from "../problem.js"
import type { StreamState } from "../state.js"

type Status = "STARTED" | "RUNNING" | "COMPLETE" | "INCOMPLETE"

export class Messages {
  readonly write: (lines: string) => Effect.Effect<void, WriteFailed>

  constructor(write: Connector.Options["write"]) {
    this.write = writer(write)
  }

  send(type: string, field: string, value: unknown): Effect.Effect<void, WriteFailed> {
    return this.write(`${JSON.stringify({ type, [field]: value })}\n`)
  }

  log(level: "INFO" | "WARN", message: string): Effect.Effect<void, WriteFailed> {
    return this.send("LOG", "log", { level, message })
  }

  status(stream: string, status: Status): Effect.Effect<void, WriteFailed> {
    return this.#trace("STREAM_STATUS", "stream_status", {
      stream_descriptor: { name: stream },
      status
    })
  }

  error(problem: Problem, stream?: string): Effect.Effect<void, WriteFailed> {
    return this.#trace("ERROR", "error", {
      message: problem.message,
      internal_message: `${problem._tag} ${problem.reason}`,
      failure_type: failureType(problem),
      ...(stream === undefined ? {} : { stream_descriptor: { name: stream } })
    })
  }

  /** Sends a state. `sent` is the number of rows since the last state of the stream. */
  state(stream: string, state: StreamState, sent: number): Effect.Effect<void, WriteFailed> {
    const body = JSON.stringify({
      type: "STREAM",
      stream: { stream_descriptor: { name: stream }, stream_state: state }
    })
    // The protocol requires a decimal point in this number, which JSON.stringify would omit.
    return this.write(
      `{"type":"STATE","state":${body.slice(0, -1)},"sourceStats":{"recordCount":${sent}.0}}}\n`
    )
  }

  #trace(type: string, field: string, value: unknown): Effect.Effect<void, WriteFailed> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      this.send("TRACE", "trace", { type, emitted_at: now, [field]: value })
    )
  }
}

/**
 * Returns Airbyte's type of a failure: `config_error` if the configuration must be changed,
 * `transient_error` if a later attempt can succeed, and `system_error` if a developer must look at
 * the failure.
 */
const failureType = (problem: Problem): "config_error" | "transient_error" | "system_error" => {
  if (problem.isRetryable) return "transient_error"
  switch (problem._tag) {
    case "AuthError":
    case "ConfigurationError":
      return "config_error"
    case "DatasetError":
    case "ExportError":
      return problem.reason === "InvalidOption" ? "config_error" : "system_error"
    default:
      return "system_error"
  }
}
