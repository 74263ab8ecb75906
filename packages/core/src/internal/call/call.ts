/** One call from its start to its rows: span, attempts, retries, decoding. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Tracer from "effect/Tracer"
import type { JsonObject, JsonValue } from "../../JsonValue.js"
import type { CallError, DecodeError, QueryError } from "../../MetricsError.js"
import * as telemetry from "../../Telemetry.js"
import { makeWriteBody, type RequestBody } from "../graphql/requestBody.js"
import { retry } from "../limits/retry.js"
import type { RetryBudget } from "../limits/retryBudget.js"
import { redactError } from "../redact/shownValues.js"
import type { ExactCells } from "../rows/exactCells.js"
import * as Attempt from "./attempt.js"
import type { Share, Work } from "./share.js"
import * as CallState from "./state.js"
import type { TakeData } from "./takeData.js"

/** What one call sends, and how it decodes the response. */
export interface Call<A> {
  readonly operationName: string | undefined
  readonly document: string
  readonly variables: JsonObject
  /** The cells whose numbers must keep all digits. */
  readonly exact?: ExactCells
  /** Reads the bytes of a response. `decode` then gets the data that `scan` returns. */
  readonly scan?: Attempt.Scan | undefined
  /** Decodes the data of the response. No other call uses the data, so `decode` may change it. */
  readonly decode: (data: JsonValue) => Effect.Effect<A, DecodeError>
}

/** State and settings that all calls of a client share. */
export interface Calls extends Attempt.Connection {
  /** How equal calls share one response. */
  readonly share: Share<Answered, CallError>
}

/** The data of a response, and the state of the call that fetched it. */
export interface Answered {
  readonly take: TakeData
  readonly state: CallState.CallState
}

export const caller = (calls: Calls) => {
  const writeBody = makeWriteBody()
  const server = serverAttributes(calls.url)
  return <A>(call: Call<A>, policy: CallState.CallPolicy): Effect.Effect<A, CallError> =>
    // The clock, the random generator and the tracer are read once, and functions without Effect
    // are used where possible. One `Effect.flatMap` or similar step takes about a thirtieth of the
    // time of a whole call.
    Effect.withFiberRuntime((fiber) => {
      const services = fiber.getFiberRef(DefaultServices.currentServices)
      const name = call.operationName
      const begin = (span: Tracer.Span | undefined) =>
        Effect.flatMap(Context.get(services, Random.Random).nextIntBetween(0, 2 ** 53), (id) => {
          const clock = Context.get(services, Clock.Clock)
          return rows(calls, call, writeBody(call), CallState.begin(name, policy, clock, span, id))
        })
      // Effect's own tracer exports no spans. A span is therefore only created for a tracer of the
      // app or for trace headers.
      if (Context.get(services, Tracer.Tracer) === ownTracer && !calls.traceHeaders) {
        return begin(undefined)
      }
      return Effect.useSpan(
        name === undefined ? "graphql" : `query ${name}`,
        { kind: "client", captureStackTrace: false, attributes: server },
        (span) => {
          span.attribute("graphql.operation.type", "query")
          if (name !== undefined) span.attribute("graphql.operation.name", name)
          return Effect.mapError(begin(span), (error) => {
            span.attribute("error.type", `${error._tag}.${error.reason}`)
            return error
          })
        }
      )
    })
}

const ownTracer = /* @__PURE__ */ Context.get(DefaultServices.liveServices, Tracer.Tracer)

/** The rows that the call decodes from the response. */
const rows = <A>(
  calls: Calls,
  call: Call<A>,
  body: Either.Either<RequestBody, QueryError>,
  state: CallState.CallState
): Effect.Effect<A, CallError> => {
  if (Either.isLeft(body)) return Effect.fail(body.left)
  const work = workOf({
    connection: calls,
    body: body.right.text,
    state,
    scan: call.scan,
    abort: undefined
  })
  return Effect.flatMap(calls.share(body.right.key, state.policy, work), ({ state, take }) =>
    Effect.mapError(call.decode(take(call.exact)), (error) =>
      CallState.failed(state, redactError(error, state.secrets))
    )
  )
}

/**
 * Creates the work that equal calls share. The work outlives the call. If a closure inside the call
 * created the work, the closure would keep the query and the document in memory.
 */
const workOf = (attempt: Attempt.Attempt): Work<Answered, CallError> => {
  let current: Attempt.Attempt | undefined = attempt
  return {
    // Work begins once, and before its end.
    begin: () => (current === undefined ? Effect.interrupt : answered(current)),
    end: () => {
      if (current !== undefined) Attempt.abort(current)
      // Effect keeps the work until the next collection of the whole heap
      // (`findings/v8-tenured-closures.sh`).
      current = undefined
    }
  }
}

/** The data of the response after all attempts, or the last failure. */
const answered = (attempt: Attempt.Attempt): Effect.Effect<Answered, CallError> => {
  const {
    connection: { budget },
    state
  } = attempt
  const onSuccess = (take: TakeData) => {
    CallState.describe(state)
    if (state.retries > 0) budget.giveBack()
    else budget.succeededAtOnce()
    return Effect.succeed({ take, state })
  }
  return Effect.matchEffect(Attempt.run(attempt), {
    onFailure: (failure) =>
      Effect.matchEffect(retried(failure, attempt), {
        onFailure: (error) => {
          CallState.describe(state)
          return Effect.zipRight(
            state.isOverBudget ? Metric.increment(telemetry.retriesRefused) : Effect.void,
            Effect.fail(CallState.failed(state, error))
          )
        },
        onSuccess
      }),
    onSuccess
  })
}

/** Runs the attempts after the first one, which has failed. */
const retried = (
  failure: CallError,
  attempt: Attempt.Attempt
): Effect.Effect<TakeData, CallError> => {
  const {
    connection: { budget },
    state
  } = attempt
  const again = Effect.zipRight(
    Metric.increment(telemetry.retries),
    Effect.suspend(() => Attempt.run(attempt))
  )
  const { deadline: until, policy } = state
  return Effect.onInterrupt(
    retry(again, failure, {
      policy,
      until,
      permits: (failure) => mayRetry(failure, budget, state)
    }),
    () =>
      Effect.sync(() => {
        if (state.phase === "retry") budget.giveBack()
      })
  )
}

/** Whether the call may be retried after the failure. If so, takes a retry from the budget. */
const mayRetry = (failure: CallError, budget: RetryBudget, state: CallState.CallState): boolean => {
  // A token provider retries by itself. Retrying here too would multiply the requests.
  if (failure._tag === "AuthError" || state.policy.mayRetry?.(failure) === false) return false
  state.isOverBudget = !budget.spend(state.policy)
  if (state.isOverBudget) return false
  state.retries++
  state.lastFailure = failure
  CallState.enter(state, "retry")
  return true
}

/**
 * The span's attributes for the server, by OpenTelemetry's semantic conventions for HTTP clients.
 * `caller` sets the attributes for GraphQL.
 */
const serverAttributes = (url: string) => {
  const { hostname, port, protocol } = new URL(url)
  return {
    "server.address": hostname,
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)
  }
}
