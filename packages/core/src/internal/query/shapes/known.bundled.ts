/** A page builds few queries, so it builds each one whole, which saves the code for shapes. */
import type * as Either from "effect/Either"
import type { QueryError } from "../../../MetricsError.js"
import type { Operation } from "../../../Operation.js"
import type { QuerySpec } from "../spec.js"
import { VariableList } from "../variables.js"

export type BuildByShape = (
  query: QuerySpec,
  now: () => number,
  build: (variables: VariableList) => Either.Either<Operation<unknown>, QueryError>
) => Either.Either<Operation<unknown>, QueryError>

export const buildByShape: BuildByShape = (_query, _now, build) => build(new VariableList())
