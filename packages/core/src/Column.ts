/**
 * Columns: the scalar type of a column, whether a cell can be null, and the evidence for both
 * facts.
 */
import type * as Types from "effect/Types"
import { ColumnTypeId as TypeId } from "./internal/typeIds.js"
import type * as Scalar from "./Scalar.js"

/**
 * How a fact about a column is known.
 *
 * - `documented`: a page of the vendor says so
 * - `observed`: a server's schema says so
 * - `assumed`: inferred from the examples, from symmetry between tables, or from the behaviour of
 *   similar servers
 */
type Evidence = "documented" | "observed" | "assumed"

/**
 * A column of a table. `Decoded` is the type of its values in rows, and `Filter` is the type that
 * `where` accepts.
 */
export interface Column<out Decoded, in Filter> {
  readonly [TypeId]: {
    readonly _Decoded: Types.Covariant<Decoded>
    readonly _Filter: Types.Contravariant<Filter>
  }
  readonly scalar: Scalar.Any
  readonly isNullable: boolean
  /** Whether the column is one of the columns that together identify a row of the table. */
  readonly isKey: boolean
  readonly evidence: Evidence
  /**
   * The page that documents the column, the server whose schema has the column, or the reason for
   * the assumption.
   */
  readonly source: string
}

/** Any column. */
export type Any = Column<unknown, never>

/**
 * Makes a column that the vendor documents. Its cells are never null.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const page = "https://developers.innerspace.io/api-reference-v2"
 * const building_id = Column.documented(Scalar.Int, page)
 * ```
 */
export const documented = <Decoded, Filter>(
  scalar: Scalar.Scalar<Decoded, Filter>,
  source: string
): Column<Decoded, Filter> => make(scalar, "documented", source)

/**
 * Makes a column that a server's schema has. Its cells are never null.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const zone_id = Column.observed(Scalar.Int, "the server's schema")
 * ```
 */
export const observed = <Decoded, Filter>(
  scalar: Scalar.Scalar<Decoded, Filter>,
  source: string
): Column<Decoded, Filter> => make(scalar, "observed", source)

/**
 * Makes a column that is assumed to exist and to have this type. Its cells are never null.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const metric_name = Column.assumed(Scalar.String, "by symmetry with feature_name")
 * ```
 */
export const assumed = <Decoded, Filter>(
  scalar: Scalar.Scalar<Decoded, Filter>,
  source: string
): Column<Decoded, Filter> => make(scalar, "assumed", source)

/**
 * Returns the column with cells that can be null.
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const metric_value = Column.nullable(Column.assumed(Scalar.float8, "a metric is a number"))
 * ```
 */
export const nullable = <Decoded, Filter>(
  column: Column<Decoded, Filter>
): Column<Decoded | null, Filter> => ({ ...column, isNullable: true })

/**
 * Returns the column marked as a key column. The key columns of a table together identify a row. A
 * stream uses the key columns to request the next page (keyset pagination).
 *
 * @example
 * ```ts
 * import { Column, Scalar } from "@innerspace-metrics/core"
 *
 * const zone_id = Column.key(Column.observed(Scalar.Int, "the live schema"))
 * ```
 */
export const key = <Decoded, Filter>(column: Column<Decoded, Filter>): Column<Decoded, Filter> => ({
  ...column,
  isKey: true
})

const make = <Decoded, Filter>(
  scalar: Scalar.Scalar<Decoded, Filter>,
  evidence: Evidence,
  source: string
): Column<Decoded, Filter> => ({
  [TypeId]: { _Decoded: (_: never) => _, _Filter: (_: unknown) => undefined },
  scalar,
  isNullable: false,
  isKey: false,
  evidence,
  source
})
