/** What is wrong with a query, and where in it. */
import * as Either from "effect/Either"
import { QueryError, type QueryReason } from "../MetricsError.js"

export interface Place {
  readonly table: string
  readonly column?: string | undefined
}

export const queryError = (
  reason: QueryReason,
  place: Place,
  problem: string,
  hint: string
): QueryError => new QueryError({ reason, ...place, problem, hint })

export const fail = (
  ...parameters: Parameters<typeof queryError>
): Either.Either<never, QueryError> => Either.left(queryError(...parameters))
