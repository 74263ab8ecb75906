/** What a query selects of its rows, and what its Schemas make of that. */
import * as Either from "effect/Either"
import type { QueryError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import { decodeSelected, type Selected } from "../rows/readCell.js"
import { buildSelection } from "./selection.js"
import type { Scope } from "./where.js"

export const selectionOf = (
  query: Query<unknown, unknown, unknown>,
  scope: Scope
): Either.Either<ReadonlyArray<Selected>, QueryError> =>
  Either.flatMap(buildSelection(query.select, query.table, scope, query.isRaw), (selected) =>
    decodeSelected(selected, query)
  )
