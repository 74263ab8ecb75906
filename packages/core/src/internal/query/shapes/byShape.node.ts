/**
 * Builds a query. If a query of the same shape (see `shape.ts`) was built before, the document of
 * that query is used again, and only the values of the new query are encoded. A server usually
 * builds queries of only a few shapes. The command `npm run bench -- build` measures what this
 * saves.
 */
import * as Either from "effect/Either"
import type { QueryError } from "../../../MetricsError.js"
import type { Operation } from "../../../Operation.js"
import { notQuery } from "../../queryError.js"
import type { QuerySpec } from "../spec.js"
import type { VariableList } from "../variables.js"
import * as compiled from "./compiled.js"
import { shapeOf } from "./shape.js"

export type BuildByShape = (
  query: QuerySpec,
  now: () => number,
  build: (variables: VariableList) => Either.Either<Operation<unknown>, QueryError>
) => Either.Either<Operation<unknown>, QueryError>

export const buildByShape: BuildByShape = (query, now, build) => {
  // The builder reports a value that is not a query.
  const shape = notQuery(query) === undefined ? shapeOf(query, now) : undefined
  const known = shape === undefined ? undefined : compiled.find(query.table, shape)
  if (known !== undefined) return Either.right(known)
  const variables = new compiled.SlotList()
  const built = build(variables)
  if (shape !== undefined && Either.isRight(built)) {
    compiled.keep(query.table, shape, built.right, variables.slots)
  }
  return built
}
