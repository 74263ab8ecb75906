/** A root field of an operation: how it is asked for, and how its answer is read. */
import type * as Either from "effect/Either"
import type { FieldNode } from "graphql"
import type { QueryError } from "../../MetricsError.js"
import type { Query, Root } from "../../Query.js"
import type { ExactCells } from "../rows/exactCells.js"
import type { ReadCell } from "../rows/readCell.js"
import type { Scope } from "./where.js"

export interface RootField {
  readonly node: FieldNode
  /** The answer's `data` is a row, and what it has under the field's name a cell. */
  readonly read: ReadCell
  readonly exact: ExactCells | undefined
}

/**
 * What a query's root stands for. The query brings the code along, so that a bundle that has no
 * aggregates does not have theirs.
 */
export interface RootBuilder extends Root {
  /** What follows the table's name in the field's. */
  readonly suffix: string
  readonly build: (
    query: Query<unknown, unknown, unknown>,
    alias: string,
    scope: Scope
  ) => Either.Either<RootField, QueryError>
}

/** Every root is made by `from`, `byPk` or `aggregate`, and those make builders. */
export const builderOf = (root: Root): RootBuilder => root as RootBuilder

/** The name of the answer's field that is of a query asked by itself. */
export const keyOf = ({ alias, root, table }: Query<unknown, unknown, unknown>): string =>
  alias ?? `${table.name}${builderOf(root).suffix}`
