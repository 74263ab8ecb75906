/**
 * A `QueryBuilder` that also checks each operation against the server's own schema, before it is
 * sent.
 *
 * The module is not in the package's index, because it needs 33 kB of the package `graphql`, and
 * esbuild bundles everything that an index exports.
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
 * Creates a builder that checks operations against a schema. Pass the JSON that the server returns
 * for GraphQL's introspection query: the whole response or its `data`.
 *
 * Fails with a `CatalogError` (`NotIntrospection`) for any other JSON. The builder fails with a
 * `QueryError` in the same cases as `QueryBuilder.service`, and also for a query that does not
 * match the schema: `UnknownTable`, `UnknownColumn`, `UnknownOperator`, `InvalidValue`.
 */
const make = (introspection: unknown): Either.Either<QueryBuilder.QueryBuilder, CatalogError> =>
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
        // If the JSON does not have this type, buildClientSchema throws, and the error is caught
        // here.
        try: () => buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid: true }),
        catch: (error) =>
          new CatalogError({
            reason: "NotIntrospection",
            problem: `This is not a response to an introspection query: ${shorten(error instanceof Error ? error.message : error, 200)}`,
            hint: 'Send getIntrospectionQuery() from "graphql", and pass the server\'s JSON response'
          })
      })
    )
  )

/**
 * Provides a builder that checks operations against a schema. The schema is fetched once, when the
 * layer is built. The layer fails with the error of the fetch, or with a `CatalogError` if the
 * result is not a schema.
 *
 * Fetching the schema requires a client, and a client requires a builder. Use two clients: the
 * first client has the builder of `QueryBuilder.layer` and fetches the schema.
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
