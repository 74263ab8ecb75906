/** Errors of queries, with their place in the query. */
import * as Either from "effect/Either"
import { isRecord } from "../JsonValue.js"
import { QueryError } from "../MetricsError.js"
import { shorten } from "./shorten.js"

export interface Place {
  readonly table?: string
  readonly column?: string | undefined
}

export const queryError = (
  reason: QueryError["reason"],
  place: Place,
  problem: string,
  hint: string
): QueryError => new QueryError({ reason, ...place, problem, hint })

export const fail = (
  ...parameters: Parameters<typeof queryError>
): Either.Either<never, QueryError> => Either.left(queryError(...parameters))

/**
 * Rejects a value that is not a query. JavaScript callers can pass any value, such as the options
 * of a query without `Query.from`.
 */
export const notQuery = (query: unknown): Either.Either<never, QueryError> | undefined =>
  isRecord(query) && isRecord(query["root"])
    ? undefined
    : fail("InvalidValue", {}, `${shorten(query)} is not a query`, "Use Query.from")
