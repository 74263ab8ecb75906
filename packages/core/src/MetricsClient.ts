/**
 * Calls to the API: a query in, typed rows out.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { DocumentNode } from "graphql"
import * as Api from "./Api.js"
import type * as HttpExchange from "./HttpExchange.js"
import { makeBatching, QueryRequest } from "./internal/call/batch.js"
import { type Call, caller } from "./internal/call/call.js"
import { warnOfDeprecation } from "./internal/call/deprecationWarning.js"
import { executable } from "./internal/call/executable.js"
import { introspection, onceSucceeded } from "./internal/call/introspect.js"
import { isBatched } from "./internal/call/isBatched.js"
import { makeSharing, unshared } from "./internal/call/share.js"
import { overHttpClient, overTransport, type TimedExchange } from "./internal/http/exchange.js"
import { readLimits } from "./internal/limits/fromOptions.js"
import { makeRetryBudget } from "./internal/limits/retryBudget.js"
import { call as callKinds, misfit } from "./internal/options/check.js"
import { isText } from "./internal/options/kinds.js"
import type { Puller } from "./internal/stream/page.js"
import { plan } from "./internal/stream/plan.js"
import * as pull from "./internal/stream/stream.js"
import type { JsonObject } from "./JsonValue.js"
import { fromConfig } from "./LayerOptions.js"
import { type CallError, type ConfigurationError, QueryError, withCall } from "./MetricsError.js"
import * as Operation from "./Operation.js"
import type * as Pull from "./Pull.js"
import type { Query } from "./Query.js"
import { type Answers, QueryBuilder, type QueryRecord } from "./QueryBuilder.js"
import * as RetryPolicy from "./RetryPolicy.js"
import { TokenProvider } from "./TokenProvider.js"

/**
 * A GraphQL request written by hand. It has to be one that may be sent twice: it is retried as
 * queries are.
 */
export interface RawRequest<A, I> {
  readonly document: string | DocumentNode
  /**
   * Needed where the document holds several operations; also names the call in errors and traces.
   */
  readonly operationName?: string
  readonly variables?: JsonObject
  /** What the answer's `data` has to be. */
  readonly schema: Schema.Schema<A, I>
}

/** What can be said of one call. */
export interface CallOptions {
  /** In place of the layer's policy. */
  readonly retry?: RetryPolicy.RetryPolicy
}

/** What can be said of several queries in one request. */
export interface QueryAllOptions extends CallOptions {
  /** Name of the operation, for logs and traces. Default: `queries`. */
  readonly operationName?: string
}

/**
 * At most `limit` requests within any span of time as long as `interval`: `{ limit: 100, interval:
 * "1 minute" }`.
 */
export interface RateLimit {
  readonly limit: number
  readonly interval: Duration.DurationInput
}

/** How much the queries that are merged into one request may be. */
export interface MergeOptions {
  /** How many. Default 20. */
  readonly maxQueries?: number
  /** Characters of their documents and variables. Default 100,000. */
  readonly maxSize?: number
}

/**
 * What a `MetricsClient` does. Every call is retried by the layer's `RetryPolicy`, renews a refused
 * token and is sent again once, and ends by its deadline. Interrupting a call aborts its request.
 */
export interface MetricsClientService {
  /** What a query answers: its rows, or for `byPk` and `aggregate`, a row and aggregates. */
  readonly query: <A>(
    query: Query<unknown, unknown, A>,
    options?: CallOptions
  ) => Effect.Effect<A, CallError>
  /**
   * Several queries in one request, each answered under the name of its key. It succeeds or fails
   * as a whole.
   */
  readonly queryAll: <Queries extends QueryRecord>(
    queries: Queries,
    options?: QueryAllOptions
  ) => Effect.Effect<Answers<Queries>, CallError>
  /**
   * The rows of a query over a long range, asked in windows and pages, in the order of time and key
   * columns. At most the pages under way are held in memory. The query filters its column of type
   * `timestamptz` by a `TimeRange`, and its table has key columns.
   */
  readonly stream: <Row>(query: Query<Row>, options?: Pull.Options) => Stream.Stream<Row, CallError>
  /** What `stream` would ask: windows, requests and a bound of rows. Nothing is sent. */
  readonly plan: <Row>(
    query: Query<Row>,
    options?: Pull.Options
  ) => Effect.Effect<Pull.Plan, QueryError>
  /** The `data` of a document written by hand, decoded by a Schema. */
  readonly execute: <A, I>(
    request: RawRequest<A, I>,
    options?: CallOptions
  ) => Effect.Effect<A, CallError>
  /**
   * What the server shows of its schema to this login: the `data` of its answer to GraphQL's
   * introspection query, for `Catalog.fromIntrospection` and `CheckedQueryBuilder`. It is asked
   * once, and kept when it has been answered.
   *
   * A server with introspection off answers a `GraphQLError` (`Invalid`); data that is no schema is
   * a `DecodeError`.
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
 *         granularity: "P1W",
 *         group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *       }
 *     })
 *   )
 * })
 * ```
 */
export class MetricsClient extends Context.Tag("@innerspace-metrics/core/MetricsClient")<
  MetricsClient,
  MetricsClientService
>() {}

/** How calls are made. */
export interface Options extends Api.Choice {
  /** Default `RetryPolicy.standard`. */
  readonly retry?: RetryPolicy.RetryPolicy
  /**
   * How long one attempt may take, its body included, from when it is sent. Default 20 seconds. An
   * `HttpClient` of the app's own does not tell when it sends a request: where it has few
   * connections, give `concurrency` their number.
   */
  readonly timeout?: Duration.DurationInput
  /** How many bytes an answer's body may have. Default 64 MiB. */
  readonly maxBodySize?: number
  /**
   * How many requests may be under way at once, those of all callers of this client together.
   * Default: any number. Who waits is served in the order of asking.
   */
  readonly concurrency?: number
  /**
   * How many requests may begin within any interval, those of all callers of this client together;
   * replays and retries are requests as well. Default: any number.
   */
  readonly rateLimit?: RateLimit
  /**
   * Whether requests carry a `traceparent` header (W3C Trace Context). Default false: most
   * browsers' preflights refuse them.
   */
  readonly traceHeaders?: boolean
  /**
   * Whether equal queries under way share one answer, and queries of `Effect.all(..., { batching:
   * true })` go out as one request. One among them that the server refuses does not harm the
   * others: they are sent again without it. Default true, with the default limits.
   */
  readonly merge?: boolean | MergeOptions
}

/**
 * A client from the services it stands on.
 *
 * In Node it loads `@effect/platform` first, so it cannot be run by `Effect.runSync`, and neither
 * can a layer made of it.
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
  MetricsClientService,
  ConfigurationError,
  HttpClient.HttpClient | TokenProvider | QueryBuilder
> => Effect.flatMap(overHttpClient, (exchangeWith) => makeOver(exchangeWith, options))

/**
 * `make` over any transport, for an adapter that has a leaner one than an `HttpClient`.
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
  options: Options = {}
): Effect.Effect<MetricsClientService, ConfigurationError, TokenProvider | QueryBuilder> =>
  makeOver(overTransport(transport), options)

const makeOver = (
  exchangeWith: (options: HttpExchange.Options) => TimedExchange,
  options: Options
): Effect.Effect<MetricsClientService, ConfigurationError, TokenProvider | QueryBuilder> =>
  Effect.gen(function* () {
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
      pause: { until: 0 },
      share: unshared
    }
    // A document written by hand goes out as often as it is asked for: only of queries is it known
    // that once will do.
    const callRaw = caller(connection)
    const call = merge === false ? callRaw : caller({ ...connection, share: makeSharing() })
    /** A call by its own policy or the layer's. */
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
    const querySingly = <A>(query: Query<unknown, unknown, A>, policy: RetryPolicy.RetryPolicy) =>
      Effect.matchEffect(builder.build(query), {
        onFailure: (error) =>
          Effect.fail(withCall(error, { operationName: nameOf(query), attempts: 0 })),
        onSuccess: (operation) => call(toCall(operation), policy)
      })
    const batching = makeBatching(
      builder,
      call,
      ({ query, policy }) => querySingly(query, policy),
      { maxQueries, maxSize }
    )
    const queryWithOthers = <A>(
      query: Query<unknown, unknown, A>,
      policy: RetryPolicy.RetryPolicy
    ) =>
      // The resolver answers with what the query's own operation reads.
      Effect.request(QueryRequest({ query, policy }), batching) as Effect.Effect<A, CallError>
    const puller: Puller = {
      builder,
      call: (operation, own, mayRetry) =>
        withPolicy(operation.name, own === undefined ? undefined : { retry: own }, (policy) =>
          call(toCall(operation), { ...policy, mayRetry })
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
      stream: (query, options) => pull.stream(puller, query, options ?? {}),
      plan: (query, options) => plan(puller, query, options ?? {}),
      execute: (request, options) =>
        Effect.flatMap(executable(request), (executed) =>
          withPolicy(executed.operationName, options, (policy) => callRaw(executed, policy))
        ),
      schema: onceSucceeded(callRaw(introspection, retry))
    }
  })

const toCall = <A>(operation: Operation.Operation<A>): Call<A> => ({
  operationName: operation.name,
  document: Operation.toText(operation),
  variables: operation.variables,
  ...(operation.exact === undefined ? {} : { exact: operation.exact }),
  decode: (data) => operation.decode(data, { inPlace: true })
})

/**
 * A client for the app's own `HttpClient`, `TokenProvider` and `QueryBuilder`.
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
  options?: Options
): Layer.Layer<MetricsClient, ConfigurationError, TokenProvider | QueryBuilder> =>
  Layer.effect(MetricsClient, makeWithTransport(transport, options))

/**
 * `layer` with its options from configuration.
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

/** JavaScript passes anything as a query, and the builder says so. */
const nameOf = (query: { readonly operationName: string } | undefined): string | undefined =>
  query?.operationName
