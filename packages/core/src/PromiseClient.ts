/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The client with promises, for code that does not use Effect. An app creates this client with the
 * `promise` module of an adapter, and `make` creates it from any layer.
 */

import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { loadStreams } from "#loaders"
import type { ColumnBatch } from "./ColumnBatch.js"
import type { RawRequest } from "./internal/call/executable.js"
import { onAbort } from "./internal/call/onAbort.js"
import { withCall } from "./internal/errors.js"
import { InFlightMap } from "./internal/http/inFlightMap.js"
import { makeMemo } from "./internal/objectMemo.js"
import type { QueryRecord } from "./internal/queryRecord.js"
import { plainValue } from "./internal/rows/plainValue.js"
import { QueryTypeId } from "./internal/typeIds.js"
import { isRecord, type JsonObject } from "./JsonValue.js"
import { type CallOptions, MetricsClient } from "./MetricsClient.js"
import {
  AuthError,
  type CallError,
  ConfigurationError,
  isMetricsError,
  QueryError
} from "./MetricsError.js"
import type { Plain } from "./Plain.js"
import * as Query from "./Query.js"
import type * as Streaming from "./Streaming.js"

/** Options of one call. */
export interface PromiseCallOptions extends CallOptions {
  /** Aborts the call and its request; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Options of `stream`, `columns` and `plan`. */
export interface PromiseStreamOptions extends Omit<Streaming.Options, "onProgress"> {
  /** Aborts the stream and its requests; the iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /**
   * Called when the `for await` loop has consumed the rows of a page and asks for the next row, and
   * at the end of each window. The loop has therefore consumed all rows that `progress.rows`
   * counts. If `onProgress` returns a promise, the stream waits for this promise. If `onProgress`
   * throws, the stream rejects with the thrown error.
   */
  readonly onProgress?: (progress: Streaming.Progress) => void | PromiseLike<void>
}

/** The results of a record of queries, as plain values, under the keys of the queries. */
type PlainAnswers<Queries> = {
  readonly [Key in keyof Queries]: Plain<Query.Answer<Queries[Key]>>
}

/**
 * Calls to the API as promises. A promise rejects with a `MetricsError`, or with the signal's
 * reason if a signal aborted the call.
 *
 * Rows have plain values, as with `Query.plain`, and `JSON.stringify` accepts these values. A point
 * in time is a `Date`. A `bigint` or `numeric` is a number if a number can hold the value exactly.
 * Otherwise it is the decimal text.
 *
 * In a runtime with async stack traces, such as Node and Chromium, the stack of an error names the
 * function that awaits the call.
 */
export interface PromiseMetricsClient extends AsyncDisposable {
  /**
   * Sends a query and returns its result: rows for `Query.from`, one row or null for `Query.byPk`,
   * the aggregates for `Query.aggregate`.
   */
  readonly query: <A>(
    query: Query.Query<unknown, unknown, A>,
    options?: PromiseCallOptions
  ) => Promise<Plain<A>>
  /** Sends several queries in one request and returns their results, each under its query's key. */
  readonly queryAll: <Queries extends QueryRecord>(
    queries: Queries,
    options?: PromiseCallOptions & { readonly operationName?: string }
  ) => Promise<PlainAnswers<Queries>>
  /** Sends a GraphQL document, and decodes the `data` of the response with a Schema. */
  readonly execute: <A, I>(request: RawRequest<A, I>, options?: PromiseCallOptions) => Promise<A>
  /**
   * Streams the rows of a query over a long time range. The stream divides the range into windows,
   * and requests each window in pages. Rows are in the order of the time column, and then of the
   * key columns. Each iteration sends its own requests. If the program leaves the loop, these
   * requests are aborted.
   */
  readonly stream: <Row>(
    query: Query.Query<Row>,
    options?: PromiseStreamOptions
  ) => AsyncIterable<Plain<Row>>
  /**
   * Streams the rows that `stream` returns, as batches of columns. The values of a column are in
   * typed arrays, which are read directly from the bytes of the responses. Each batch has rows of
   * only one page.
   */
  readonly columns: <Row>(
    query: Query.Query<Row>,
    options?: PromiseStreamOptions
  ) => AsyncIterable<ColumnBatch<Row>>
  /**
   * Returns the plan of a `stream`: its windows, the minimum and maximum number of requests, and
   * the maximum number of rows. Nothing is sent.
   */
  readonly plan: <Row>(
    query: Query.Query<Row>,
    options?: PromiseStreamOptions
  ) => Promise<Plain<Streaming.Plan>>
  /**
   * Returns the server's schema for `Catalog.fromIntrospection`. The introspection query is sent
   * once.
   */
  readonly schema: (options?: { readonly signal?: AbortSignal }) => Promise<JsonObject>
  /**
   * Aborts calls in flight and closes connections. Later calls reject. `await using` calls `close`
   * automatically.
   */
  readonly close: () => Promise<void>
}

/**
 * Creates a promise client over a layer. The layer is built at the first call. If the layer cannot
 * be built, calls reject with the layer's error.
 *
 * @example
 * ```ts
 * import { Api, MetricsClient, PromiseClient } from "@innerspace-metrics/core"
 * import { QueryBuilder, TokenProvider } from "@innerspace-metrics/core"
 * import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const client = PromiseClient.make(
 *   MetricsClient.layer().pipe(
 *     Layer.provide([
 *       QueryBuilder.layer,
 *       TokenProvider.layerStatic({ value: Redacted.make("eyJ..."), header: Api.v1.credential }),
 *       FetchHttpClient.layer
 *     ])
 *   )
 * )
 * ```
 */
export const make = <E>(layer: Layer.Layer<MetricsClient, E>): PromiseMetricsClient => {
  const runtime = ManagedRuntime.make(layer)
  const callsUnderWay = new InFlightMap<() => void, undefined>()
  const pullsUnderWay = new Set<() => Promise<void>>()
  let isClosed = false

  const exitOf = <A, E2>(
    effect: Effect.Effect<A, E2, MetricsClient>,
    signal: AbortSignal | undefined
  ) =>
    new Promise<Exit.Exit<A, E | E2>>((resolve) => {
      const fiber = runtime.runFork(effect)
      const interrupt = () => fiber.unsafeInterruptAsFork(FiberId.none)
      callsUnderWay.set(interrupt, undefined)
      const forget = signal === undefined ? undefined : onAbort(signal, interrupt)
      fiber.addObserver((exit) => {
        forget?.()
        callsUnderWay.delete(interrupt)
        resolve(exit)
      })
    })

  // This function uses `await`, because the stack of an error then names the caller. The
  // alternative is to capture the stack at each call, which takes microseconds.
  const run = async <A, E2>(
    effect: Effect.Effect<A, E2, MetricsClient>,
    signal: AbortSignal | undefined
  ): Promise<A> => {
    if (isClosed) return Promise.reject(closed())
    if (!isSignal(signal)) return Promise.reject(noSignal())
    if (isAborted(signal)) return Promise.reject(signal?.reason)
    const exit = await exitOf(effect, signal)
    if (Exit.isSuccess(exit)) return exit.value
    return Promise.reject(
      !Exit.isInterrupted(exit)
        ? madeHere(Cause.squash(exit.cause))
        : isAborted(signal)
          ? signal?.reason
          : closed()
    )
  }

  /**
   * The items of one stream. The stream holds its resources in a scope of its own. The scope closes
   * when the loop ends, the signal aborts, or the client closes.
   */
  async function* items<Item>(
    open: (client: MetricsClient, options: Streaming.Options) => Stream.Stream<Item, CallError>,
    { onProgress, signal, ...options }: PromiseStreamOptions
  ): AsyncGenerator<Item, void, undefined> {
    // Rejects a value that is not a signal, before anything listens to it.
    if (!isSignal(signal)) await run(Effect.never, signal)
    const scope = Effect.runSync(Scope.make())
    const end = () => Effect.runPromise(Scope.close(scope, Exit.void))
    pullsUnderWay.add(end)
    const forget = signal === undefined ? undefined : onAbort(signal, () => void end())
    try {
      const next = await run(
        Effect.flatMap(Effect.all([MetricsClient, loadStreams]), ([client, { toPull }]) =>
          toPull(
            open(client, {
              ...options,
              onProgress: (progress) => Effect.promise(async () => onProgress?.(progress))
            })
          )
        ).pipe(Scope.extend(scope)),
        signal
      )
      const nextPage = Effect.catchAll(
        next,
        Option.match({ onNone: () => Effect.succeed(undefined), onSome: Effect.fail })
      )
      for (;;) {
        const page = await run(nextPage, signal)
        if (page === undefined) return
        yield* page
      }
    } finally {
      forget?.()
      pullsUnderWay.delete(end)
      await end()
    }
  }

  const close = async (): Promise<void> => {
    isClosed = true
    for (const interrupt of callsUnderWay.keys()) interrupt()
    await Promise.all(Array.from(pullsUnderWay, (end) => end()))
    await runtime.dispose()
  }

  return {
    query: (query, options) =>
      run(
        Effect.flatMap(MetricsClient, (client) => client.query(plain(query), options)),
        options?.signal
      ),
    queryAll: (queries, options) =>
      run(
        Effect.flatMap(MetricsClient, (client) =>
          // `plainAll` returns the plain form of each query under the key of the query.
          Effect.map(
            client.queryAll(plainAll(queries), options),
            (answers) => answers as PlainAnswers<typeof queries>
          )
        ),
        options?.signal
      ),
    execute: (request, options) =>
      run(
        Effect.flatMap(MetricsClient, (client) => client.execute(request, options)),
        options?.signal
      ),
    stream: <Row>(query: Query.Query<Row>, options: PromiseStreamOptions = {}) => ({
      // A query of rows returns a list, and its plain form returns a list of plain rows.
      [Symbol.asyncIterator]: () => {
        const plainQuery = plain(query) as Query.Query<Plain<Row>>
        return items((client, streamOptions) => client.stream(plainQuery, streamOptions), options)
      }
    }),
    columns: (query, options = {}) => ({
      [Symbol.asyncIterator]: () =>
        items((client, streamOptions) => client.columns(query, streamOptions), options)
    }),
    plan: (query, { onProgress, signal, ...options } = {}) =>
      run(
        Effect.flatMap(MetricsClient, (client) =>
          // The plan's windows are intervals of DateTime.Utc, and the rest of the plan is JSON.
          Effect.map(
            client.plan(query, options),
            (plan) => plainValue(plan) as Plain<Streaming.Plan>
          )
        ),
        signal
      ),
    schema: (options) =>
      run(
        Effect.flatMap(MetricsClient, (client) => client.schema),
        options?.signal
      ),
    close,
    // WebKit does not have `Symbol.asyncDispose` yet.
    ...(Symbol.asyncDispose && { [Symbol.asyncDispose]: close })
  }
}

/**
 * Caches the plain form of each query. A query that is used again therefore has the same plain
 * form, whose operation is built only once.
 */
const plainForms = /* @__PURE__ */ makeMemo<Query.Query<unknown, unknown, unknown>>()

const plain = <R, Columns, A>(
  query: Query.Query<R, Columns, A>
): Query.Query<Plain<R>, Columns, Plain<A>> => {
  // JavaScript callers can pass any value. The builder reports a value that is not a query.
  if (!isRecord(query) || !(QueryTypeId in query)) return query as never
  const form = plainForms.get(query) ?? Query.plain(query)
  plainForms.set(query, form)
  // The plain form was made from this query.
  return form as Query.Query<Plain<R>, Columns, Plain<A>>
}

const plainAll = (queries: QueryRecord): QueryRecord =>
  Object.fromEntries(Object.entries(queries).map(([name, query]) => [name, plain(query)]))

/**
 * A copy of the error with the stack of this call. Several calls can share one error, and the stack
 * of the shared error is from the fiber that created it.
 */
const madeHere = (error: unknown): unknown => {
  if (!isMetricsError(error)) return error
  return error._tag === "ConfigurationError" ? new ConfigurationError(error) : withCall(error, {})
}

/**
 * Whether the signal has aborted. With `signal.aborted` instead of this function, the compiler
 * would assume after the first check that the signal never aborts.
 */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** Whether a value is a signal or is missing. JavaScript callers can pass any value. */
const isSignal = (signal: AbortSignal | null | undefined): boolean =>
  signal === undefined || signal === null || typeof signal.addEventListener === "function"

const noSignal = (): QueryError =>
  new QueryError({
    reason: "InvalidValue",
    problem: "signal is not an AbortSignal",
    hint: "Pass an AbortSignal, such as AbortSignal.timeout(5_000)",
    attempts: 0
  })

const closed = (): AuthError =>
  new AuthError({
    reason: "Closed",
    problem: "The client has been closed",
    hint: "Make calls before close, and use one client for the whole app"
  })
