/**
 * The requests of the page, from the client's own telemetry: a span for each call, and counters.
 * Spans and counters contain no header, no token and no row.
 */
import * as Telemetry from "@innerspace-metrics/core/Telemetry"
import { type Signal, signal } from "@preact/signals"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

/** A completed call. */
export interface Call {
  readonly id: string
  readonly operation: string
  /** The last HTTP status, if there was a response. */
  readonly status: number | undefined
  /**
   * The type and the reason of the error, such as `ResponseError.RateLimited`. Undefined after
   * success.
   */
  readonly error: string | undefined
  /** The number of requests after the first request. */
  readonly resent: number
  readonly milliseconds: number
}

export interface Counts {
  readonly calls: number
  readonly merged: number
  readonly retries: number
  readonly replays: number
  readonly tokenRequests: number
}

/** The latest calls, newest first. */
export const calls: Signal<ReadonlyArray<Call>> = signal([])

export const counts: Signal<Counts> = signal({
  calls: 0,
  merged: 0,
  retries: 0,
  replays: 0,
  tokenRequests: 0
})

const kept = 50

/** Records all calls that run in the runtime of this layer. */
export const layer: Layer.Layer<never> = Layer.setTracer(
  Tracer.make({
    span: (name, parent, context, links, startTime, kind) =>
      makeSpan({ name, parent, context, links: [...links], startTime, kind }),
    context: (run) => run()
  })
)

const makeSpan = (
  given: Pick<Tracer.Span, "name" | "parent" | "context" | "kind"> & {
    readonly links: Array<Tracer.SpanLink>
    readonly startTime: bigint
    readonly context: Context.Context<never>
  }
): Tracer.Span => {
  const attributes = new Map<string, unknown>()
  let status: Tracer.SpanStatus = { _tag: "Started", startTime: given.startTime }
  return {
    _tag: "Span",
    spanId: crypto.randomUUID(),
    traceId: Option.match(given.parent, {
      onNone: () => crypto.randomUUID(),
      onSome: ({ traceId }) => traceId
    }),
    name: given.name,
    parent: given.parent,
    context: given.context,
    kind: given.kind,
    links: given.links,
    attributes,
    sampled: true,
    get status() {
      return status
    },
    attribute: (key, value) => {
      attributes.set(key, value)
    },
    event: () => undefined,
    addLinks: (links) => {
      given.links.push(...links)
    },
    end: (endTime: bigint, exit: Exit.Exit<unknown, unknown>) => {
      status = { _tag: "Ended", startTime: given.startTime, endTime, exit }
      if (attributes.has("graphql.operation.name")) {
        note(attributes, Number(endTime - given.startTime) / 1e6)
      }
    }
  }
}

const note = (attributes: ReadonlyMap<string, unknown>, milliseconds: number): void => {
  const number = (key: string) => {
    const value = attributes.get(key)
    return typeof value === "number" ? value : undefined
  }
  const error = attributes.get("error.type")
  const call: Call = {
    id: crypto.randomUUID(),
    operation: String(attributes.get("graphql.operation.name")),
    status: number("http.response.status_code"),
    error: typeof error === "string" ? error : undefined,
    resent: number("http.request.resend_count") ?? 0,
    milliseconds
  }
  calls.value = [call, ...calls.peek()].slice(0, kept)
  counts.value = {
    calls: counts.peek().calls + 1,
    merged: read(Telemetry.mergedQueries),
    retries: read(Telemetry.retries),
    replays: read(Telemetry.replays),
    tokenRequests: read(Telemetry.tokenRequests)
  }
}

const read = (counter: Metric.Metric.Counter<number>): number =>
  Effect.runSync(Metric.value(counter)).count
