/**
 * The part of a query that the builders need. It does not depend on the types of rows and columns.
 */
import type * as Either from "effect/Either"
import type { FieldNode } from "graphql"
import type { QueryError } from "../../MetricsError.js"
import type * as Table from "../../Table.js"
import type { ExactCells } from "../rows/exactCells.js"
import type { ReadCell, Step } from "../rows/readCell.js"
import type { Scope } from "./where.js"

/**
 * The fields of a query. Fields that are marked as internal are not in the types that users see.
 */
export interface QuerySpec {
  readonly table: Table.Any
  /**
   * What to select, as the caller passed it. The builder checks this field, and also the filters
   * and orders.
   */
  readonly select: ReadonlyArray<unknown>
  /** Each row must match all of these filters. */
  readonly where: ReadonlyArray<unknown>
  readonly orderBy: ReadonlyArray<unknown>
  readonly distinctOn: ReadonlyArray<unknown>
  readonly limit: number | undefined
  readonly offset: number | undefined
  /** Dimensions of the table that the filter need not limit to certain values. */
  readonly allowOpen: ReadonlyArray<unknown>
  readonly alias: string | undefined
  readonly operationName: string
  /** Whether cells keep the JSON that the server sent. */
  readonly isRaw: boolean
  /** Builds one of the root fields of the table: rows, one row or aggregates. @internal */
  readonly root: RootBuilder
  /**
   * The options as the caller passed them. The builder looks for unknown names in these options.
   * @internal
   */
  readonly written: object
  /**
   * Columns that a stream also requests, because it needs them to request the next page. They are
   * not part of the rows. @internal
   */
  readonly besides: ReadonlyArray<{ readonly column: string; readonly as: string }>
  /** The steps that decode the values of a row, in the order in which they run. @internal */
  readonly decoders: ReadonlyArray<Step>
}

/**
 * Builds the root field of a query. A query holds its builder, so a bundle that uses no aggregates
 * does not contain their code.
 */
export interface RootBuilder {
  readonly _tag: "Rows" | "ByPk" | "Aggregate"
  /** The part of the field's name that follows the table's name. */
  readonly suffix: string
  readonly build: (
    query: QuerySpec,
    alias: string,
    scope: Scope
  ) => Either.Either<Built, QueryError>
}

/** A root field that was built: its node in the document, and a function that reads its value. */
export interface Built {
  readonly node: FieldNode
  /** Reads the field's value in the response's `data`, in the same way as a cell of a row. */
  readonly read: ReadCell
  readonly exact: ExactCells | undefined
}

/** The name of a query's result in `data` if the query is sent alone. */
export const keyOf = (query: QuerySpec): string =>
  query.alias ?? `${query.table.name}${query.root.suffix}`
