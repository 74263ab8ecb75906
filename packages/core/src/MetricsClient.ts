/** The client that sends queries to the API and returns typed rows. */

import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import type * as Stream from "effect/Stream"
import { loadBatching } from "#loaders"
import { warnOfOtherEffect } from "#warnOfOtherEffect"
import * as Api from "./Api.js"
import type { ColumnBatch } from "./ColumnBatch.js"
import type * as HttpExchange from "./HttpExchange.js"
import type { SendQuery } from "./internal/call/batch.js"
import { type Call, caller } from "./internal/call/call.js"
import type { RawRequest } from "./internal/call/executable.js"
import { executable } from "./internal/call/executable.js"
import { introspection, onceSucceeded } from "./internal/call/introspect.js"
import { isBatched } from "./internal/call/isBatched.js"
import { makeSharing, unshared } from "./internal/call/share.js"
import { withCall } from "./internal/errors.js"
import { overHttpClient, overTransport, type TimedExchange } from "./internal/http/exchange.js"
import { readLimits } from "./internal/limits/fromOptions.js"
import type { Pause } from "./internal/limits/pause.js"
import { makeRetryBudget } from "./internal/limits/retryBudget.js"
import { call as callKinds, misfit } from "./internal/options/check.js"
import { isText } from "./internal/options/kinds.js"
import type { Answers, QueryRecord } from "./internal/queryRecord.js"
import type { PageSource } from "./internal/stream/page.js"
import * as streams from "./internal/stream/stream.js"
import { warnOfDeprecation } from "./internal/warnings/deprecation.js"
import type { JsonObject } from "./JsonValue.js"
import { fromConfig } from "./LayerOptions.js"
import {
  type CallError,
  type ConfigurationError,
  QueryError,
  type TransportError
} from "./MetricsError.js"
import * as Operation from "./Operation.js"
import type { Query } from "./Query.js"
import { QueryBuilder } from "./QueryBuilder.js"
import * as RetryPolicy from "./RetryPolicy.js"
import type * as Streaming from "./Streaming.js"
import * as telemetry from "./Telemetry.js"
import { TokenProvider } from "./TokenProvider.js"

/** Options of one call. */
export interface CallOptions {
  /** Replaces the retry policy of the layer. */
  readonly retry?: RetryPolicy.RetryPolicy
}

/**
 * At most `limit` requests within any time span of the length `interval`, such as `{ limit: 100,
 * interval: "1 minute" }`.
 */
interface RateLimit {
  readonly limit: number
  readonly interval: Duration.DurationInput
}

/** Limits for the merging of queries into one request. */
interface MergeOptions {
  /** Maximum number of queries in a request. Default 20. */
  readonly maxQueries?: number
  /** Maximum number of characters in the documents and variables of a request. Default 100,000. */
  readonly maxSize?: number
}

/**
 * The operations of a `MetricsClient`. Every call is retried according to the layer's
 * `RetryPolicy`, and ends at the policy's deadline at the latest. If the API refuses the token, the
 * call is sent again once with a new token. Interrupting a call aborts its request, unless the call
 * is in a batch (see `Options.merge`).
 */
export interface MetricsClient {
  /**
   * Sends a query and returns its result: rows for `Query.from`, one row or null for `Query.byPk`,
   * the aggregates for `Query.aggregate`.
   */
  readonly query: <A>(
    query: Query<unknown, unknown, A>,
    options?: CallOptions
  ) => Effect.Effect<A, CallError>
  /**
   * Sends several queries in one request and returns their results, each under its query's key. The
   * request succeeds or fails as a whole.
   */
  readonly queryAll: <Queries extends QueryRecord>(
    queries: Queries,
    /** `operationName` is for logs and traces. Default: `queries`. */
    options?: CallOptions & { readonly operationName?: string }
  ) => Effect.Effect<Answers<Queries>, CallError>
  /**
   * Streams the rows of a query over a long time range. The stream divides the range into windows,
   * and requests each window in pages. Rows are in the order of the time column, and then of the
   * key columns. Only the pages in flight are held in memory. The query must filter a `timestamptz`
   * column by a `TimeRange`, and its table must have key columns.
   */
  readonly stream: <Row>(
    query: Query<Row>,
    options?: Streaming.Options
  ) => Stream.Stream<Row, CallError>
  /**
   * Streams the rows that `stream` returns, as batches of columns. The values of a column are in
   * typed arrays, which are read directly from the bytes of the responses. Each batch has rows of
   * only one page.
   *
   * Fails with a `QueryError` for a query with `Query.decode`, `Query.plain` or `Query.raw`, and
   * for a column whose scalar has a decoder of its own. Fails with a `DecodeError` in the same
   * cases as `stream`, and also for a value that a column cannot hold: an `Int` of more than 32
   * bits, a `bigint` of more than 64 bits, or text with half of a surrogate pair.
   */
  readonly columns: <Row>(
    query: Query<Row>,
    options?: Streaming.Options
  ) => Stream.Stream<ColumnBatch<Row>, CallError>
  /**
   * Returns the plan of a `stream`: its windows, the minimum and maximum number of requests, and
   * the maximum number of rows. Nothing is sent.
   */
  readonly plan: <Row>(
    query: Query<Row>,
    options?: Streaming.Options
  ) => Effect.Effect<Streaming.Plan, QueryError | TransportError>
  /** Sends a GraphQL document, and decodes the `data` of the response with a Schema. */
  readonly execute: <A, I>(
    request: RawRequest<A, I>,
    options?: CallOptions
  ) => Effect.Effect<A, CallError>
  /**
   * Returns the part of the server's schema that the client's token may see: the `data` of
   * GraphQL's introspection query. `Catalog.fromIntrospection` and `CheckedQueryBuilder` accept
   * this data. After a request has succeeded, the data is kept and not requested again.
   *
   * Fails with a `GraphQLError` (`Invalid`) if introspection is off, and with a `DecodeError` if
   * the data is not a schema.
   */
  readonly schema: Effect.Effect<JsonObject, CallError>
}

/**
 * The service that calls the API.
 *
 * @example
 * ```ts
 * import { MetricsClient, Query } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const rows = Effect.gen(function* () {
 *   const metrics = yield* MetricsClient.MetricsClient
 *   return yield* metrics.query(
 *     Query.from(building_features, {
 *       select: ["feature_value"],
 *       where: {
 *         building_id: 71,
 *         feature_name: "weekly_frequency_dist",
 *         granularity: "P1W",
 *         group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *       }
 *     })
 *   )
 * })
 * ```
 */
export const MetricsClient: Context.Tag<MetricsClient, MetricsClient> =
  /* @__PURE__ */ Context.GenericTag<MetricsClient>("@innerspace-metrics/core/MetricsClient")

/** Options of a client. */
export interface Options extends Api.Choice {
  /** How failed calls are retried. Default `RetryPolicy.standard`. */
  readonly retry?: RetryPolicy.RetryPolicy
  /**
   * How long one attempt may take, from the time when its request is sent until the response body
   * is complete. Default 20 seconds. An app's own `HttpClient` does not report when it sends a
   * request. With such a client, the time that a request waits for a connection counts as well. If
   * the client has few connections, set `concurrency` to the number of its connections.
   */
  readonly timeout?: Duration.DurationInput
  /** Maximum length of a response body in bytes. Default 64 MiB. */
  readonly maxBodySize?: number
  /**
   * How many requests may be in flight at once, over all calls of this client. Default: any number.
   * Waiting calls are sent in the order in which they arrived. The waiting time counts towards the
   * deadline. An interrupted call leaves the queue.
   */
  readonly concurrency?: number
  /**
   * How many requests may begin within any interval, over all calls of this client. Replays and
   * retries count as requests. Default: any number.
   */
  readonly rateLimit?: RateLimit
  /**
   * Whether requests carry a `traceparent` header (W3C Trace Context). Default false, because the
   * server usually rejects this header in the CORS preflight of a browser.
   */
  readonly traceHeaders?: boolean
  /**
   * Whether equal queries in flight share one response, and whether concurrent queries of
   * `Effect.all(..., { batching: true })` are sent as one request. If the server rejects one query
   * of such a request, the other queries are sent again without it. Effect 3 does not interrupt a
   * batch: an interrupted `Effect.all`, or its `Effect.timeout`, ends only when the batch has
   * ended. Default true, with at most 20 queries and 100,000 characters in such a request.
   */
  readonly merge?: boolean | MergeOptions
}

/**
 * Creates a client. It requires an `HttpClient`, a `TokenProvider` and a `QueryBuilder`.
 *
 * In Node, the effect first loads `@effect/platform` asynchronously. `Effect.runSync` can therefore
 * run neither this effect nor a layer made from it.
 *
 * Fails with a `ConfigurationError` for a base URL or an option that cannot be used.
 *
 * @example
 * ```ts
 * import { Api, MetricsClient } from "@innerspace-metrics/core"
 *
 * const client = MetricsClient.make({ api: Api.v2 })
 * ```
 */
export const make = (
  options: Options = {}
): Effect.Effect<
  MetricsClient,
  ConfigurationError,
  HttpClient.HttpClient | TokenProvider | QueryBuilder
> => Effect.flatMap(overHttpClient, (exchangeWith) => makeOver(exchangeWith, options))

/**
 * Creates a client over a transport, for an adapter whose transport needs less time than an
 * `HttpClient`. If the API asks one client to wait, all clients with the same `pause` object wait.
 * Create this object as `{ until: 0 }`.
 *
 * @example
 * ```ts
 * import { type HttpExchange, MetricsClient } from "@innerspace-metrics/core"
 *
 * const clientOver = (transport: HttpExchange.Transport) =>
 *   MetricsClient.makeWithTransport(transport)
 * ```
 */
export const makeWithTransport = (
  transport: HttpExchange.Transport,
  options: Options = {},
  pause?: Pause
): Effect.Effect<MetricsClient, ConfigurationError, TokenProvider | QueryBuilder> =>
  makeOver(overTransport(transport), options, pause)

const makeOver = (
  exchangeWith: (options: HttpExchange.Options) => TimedExchange,
  options: Options,
  pause?: Pause
): Effect.Effect<MetricsClient, ConfigurationError, TokenProvider | QueryBuilder> =>
  Effect.gen(function* () {
    yield* warnOfOtherEffect
    const { maxBodySize, limit } = yield* readLimits(options)
    const api = yield* Api.choose(options)
    const url = yield* Api.graphqlUrl(api)
    yield* warnOfDeprecation(api)
    const builder = yield* QueryBuilder
    const tokens = yield* TokenProvider
    const retry = RetryPolicy.make(options.retry ?? RetryPolicy.standard)
    const merge = options.merge ?? true
    const { maxQueries = 20, maxSize = 100_000 } = typeof merge === "object" ? merge : {}
    const connection = {
      url,
      version: api.version,
      tokens,
      exchange: exchangeWith({ maxBodySize }),
      timeout: Duration.decode(options.timeout ?? "20 seconds"),
      traceHeaders: options.traceHeaders ?? false,
      budget: makeRetryBudget(),
      limit,
      pause: pause ?? { until: 0 },
      share: unshared
    }
    // Calls of `execute` never share a response, because the client does not know whether their
    // documents only read data.
    const callRaw = caller(connection)
    const call = merge === false ? callRaw : caller({ ...connection, share: makeSharing() })
    /** Applies the policy of the call, or the policy of the layer if the call has none. */
    const withPolicy = <A>(
      operationName: string | undefined,
      options: CallOptions | undefined,
      use: (policy: RetryPolicy.RetryPolicy) => Effect.Effect<A, CallError>
    ): Effect.Effect<A, CallError> => {
      if (options === undefined) return use(retry)
      const found = misfit(callKinds, options)
      return found === undefined
        ? use(options.retry === undefined ? retry : RetryPolicy.make(options.retry))
        : Effect.fail(
            new QueryError({ reason: "InvalidValue", ...found, operationName, attempts: 0 })
          )
    }
    const querySingly: SendQuery = (query, policy) =>
      Effect.matchEffect(builder.build(query), {
        onFailure: (error) =>
          Effect.fail(withCall(error, { operationName: nameOf(query), attempts: 0 })),
        onSuccess: (operation) => call(toCall(operation), policy)
      })
    const sendMerged = <A>(operation: Call<A>, policy: RetryPolicy.RetryPolicy, queries: number) =>
      Effect.zipRight(
        Metric.incrementBy(telemetry.mergedQueries, queries - 1),
        call(operation, policy)
      )
    let sendTogether: SendQuery | undefined
    const queryWithOthers: SendQuery = (query, policy) =>
      Effect.matchEffect(loadBatching, {
        // Without the code that merges queries, each query is sent in its own request.
        onFailure: () => querySingly(query, policy),
        onSuccess: ({ makeBatching }) => {
          sendTogether ??= makeBatching(
            { builder, send: sendMerged, sendSingly: querySingly },
            { maxQueries, maxSize }
          )
          return sendTogether(query, policy)
        }
      })
    const source: PageSource = {
      builder,
      call: (operation, own, mayRetry) =>
        withPolicy(operation.name, own === undefined ? undefined : { retry: own }, (policy) =>
          (operation.scan ? callRaw : call)(
            toCall(operation),
            // `Object.assign`, because on Node 20 a spread with a property after it makes a new
            // hidden class for each page.
            Object.assign({}, policy, { mayRetry })
          )
        )
    }
    return {
      query: (query, options) =>
        withPolicy(nameOf(query), options, (policy) =>
          merge === false
            ? querySingly(query, policy)
            : isBatched(
                () => queryWithOthers(query, policy),
                () => querySingly(query, policy)
              )
        ),
      queryAll: (queries, options) => {
        const name: unknown = options?.operationName
        const operationName = isText(name) ? name : "queries"
        return withPolicy(operationName, options, (policy) =>
          builder.buildAll(operationName, queries).pipe(
            Effect.mapError((error) => withCall(error, { operationName, attempts: 0 })),
            Effect.flatMap((operation) => call(toCall(operation), policy))
          )
        )
      },
      stream: (query, options) => streams.rows(source, query, options ?? {}),
      columns: (query, options) => streams.columns(source, query, options ?? {}),
      plan: (query, options) => streams.plan(source, query, options ?? {}),
      execute: (request, options) =>
        Effect.flatMap(executable(request), (executed) =>
          withPolicy(executed.operationName, options, (policy) => callRaw(executed, policy))
        ),
      schema: onceSucceeded(Effect.flatMap(introspection, (call) => callRaw(call, retry)))
    }
  })

const toCall = <A>(operation: Operation.Operation<A> & Pick<Call<A>, "scan">): Call<A> => ({
  operationName: operation.name,
  document: Operation.toText(operation),
  variables: operation.variables,
  ...(operation.exact === undefined ? {} : { exact: operation.exact }),
  scan: operation.scan,
  decode: (data) => operation.decode(data, { inPlace: true })
})

/**
 * `make` as a layer, over the app's own `HttpClient`, `TokenProvider` and `QueryBuilder`.
 *
 * @example
 * ```ts
 * import { Api, MetricsClient, QueryBuilder, TokenProvider } from "@innerspace-metrics/core"
 * import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const MetricsLive = MetricsClient.layer({ api: Api.v1 }).pipe(
 *   Layer.provide([
 *     QueryBuilder.layer,
 *     TokenProvider.layerStatic({ value: Redacted.make("eyJ..."), header: Api.v1.credential }),
 *     FetchHttpClient.layer
 *   ])
 * )
 * ```
 */
export const layer = (
  options?: Options
): Layer.Layer<
  MetricsClient,
  ConfigurationError,
  HttpClient.HttpClient | TokenProvider | QueryBuilder
> => Layer.effect(MetricsClient, make(options))

/**
 * `makeWithTransport` as a layer.
 *
 * @example
 * ```ts
 * import { type HttpExchange, MetricsClient } from "@innerspace-metrics/core"
 *
 * const layerOver = (transport: HttpExchange.Transport) =>
 *   MetricsClient.layerWithTransport(transport)
 * ```
 */
export const layerWithTransport = (
  transport: HttpExchange.Transport,
  options?: Options,
  pause?: Pause
): Layer.Layer<MetricsClient, ConfigurationError, TokenProvider | QueryBuilder> =>
  Layer.effect(MetricsClient, makeWithTransport(transport, options, pause))

/**
 * `layer` with options that are read from configuration.
 *
 * @example
 * ```ts
 * import { Api, MetricsClient } from "@innerspace-metrics/core"
 * import * as Config from "effect/Config"
 *
 * const MetricsFromEnvironment = MetricsClient.layerConfig(Config.all({ api: Api.config }))
 * ```
 */
export const layerConfig = (
  config: Config.Config<Options>
): Layer.Layer<
  MetricsClient,
  ConfigurationError,
  HttpClient.HttpClient | TokenProvider | QueryBuilder
> => Layer.unwrapEffect(Effect.map(fromConfig(config), layer))

/**
 * The operation name of a query. JavaScript callers can pass `undefined` as a query, which the
 * builder reports.
 */
const nameOf = (query: { readonly operationName: string } | undefined): string | undefined =>
  query?.operationName
