/**
 * A `QueryBuilder` that also checks each operation against the server's own schema, before it is
 * sent.
 *
 * Not in the package's index: what this needs of `graphql` is 33 kB, and esbuild bundles whatever
 * an index names.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql"
import { CatalogError } from "./Catalog.js"
import { checkDocument } from "./internal/catalog/checkDocument.js"
import { readIntrospection } from "./internal/catalog/introspection.js"
import { shorten } from "./internal/shorten.js"
import type { QueryError } from "./MetricsError.js"
import type { Operation } from "./Operation.js"
import * as QueryBuilder from "./QueryBuilder.js"

/**
 * A builder that checks against a schema: the JSON that the server answers to GraphQL's
 * introspection query, the whole answer or its `data`.
 *
 * Fails with a `CatalogError` (`NotIntrospection`) for any other JSON. What is built fails with a
 * `QueryError` as `QueryBuilder.make` does, and for what is not in the schema: `UnknownTable`,
 * `UnknownColumn`, `UnknownOperator`, `InvalidValue`.
 *
 * @example
 * ```ts
 * import * as CheckedQueryBuilder from "@innerspace-metrics/core/CheckedQueryBuilder"
 *
 * declare const introspection: unknown
 *
 * const builder = CheckedQueryBuilder.make(introspection)
 * ```
 */
export const make = (
  introspection: unknown
): Either.Either<QueryBuilder.QueryBuilderService, CatalogError> =>
  Either.map(readSchema(introspection), (schema) => {
    const checked = <A>(
      operation: Effect.Effect<Operation<A>, QueryError>
    ): Effect.Effect<Operation<A>, QueryError> =>
      Effect.tap(operation, ({ document }) => checkDocument(document, schema))
    return {
      build: (query) => checked(QueryBuilder.build(query)),
      buildAll: (operationName, queries) => checked(QueryBuilder.buildAll(operationName, queries))
    }
  })

const readSchema = (introspection: unknown): Either.Either<GraphQLSchema, CatalogError> =>
  readIntrospection(introspection).pipe(
    Either.mapLeft((problem) => new CatalogError(problem)),
    Either.flatMap(({ data }) =>
      Either.try({
        // What is not of this type after all, buildClientSchema throws at, and that is caught here.
        try: () => buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid: true }),
        catch: (error) =>
          new CatalogError({
            reason: "NotIntrospection",
            problem: `This is not the answer to an introspection query: ${shorten(error instanceof Error ? error.message : error, 200)}`,
            hint: "Pass the server's JSON response to getIntrospectionQuery of graphql"
          })
      })
    )
  )

/**
 * The `QueryBuilder` of `make`, for a schema that is fetched once, when the layer is built. Where
 * it cannot be fetched, the layer fails with the error of that, and where it is no schema, with a
 * `CatalogError`.
 *
 * A client needs a builder, and it takes a client to fetch the schema, so there are two: the first
 * has the plain builder.
 *
 * @example
 * ```ts
 * import { MetricsClient, QueryBuilder } from "@innerspace-metrics/core"
 * import * as CheckedQueryBuilder from "@innerspace-metrics/core/CheckedQueryBuilder"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const PlainClient = MetricsClient.layer().pipe(Layer.provide(QueryBuilder.layer))
 * const schema = Effect.flatMap(MetricsClient.MetricsClient, (metrics) => metrics.schema)
 *
 * const MetricsLive = MetricsClient.layer().pipe(
 *   Layer.provide(CheckedQueryBuilder.layer(schema)),
 *   Layer.provide(PlainClient)
 * )
 * ```
 */
export const layer = <E, R>(
  introspection: Effect.Effect<unknown, E, R>
): Layer.Layer<QueryBuilder.QueryBuilder, E | CatalogError, R> =>
  Layer.effect(QueryBuilder.QueryBuilder, Effect.flatMap(introspection, make))
