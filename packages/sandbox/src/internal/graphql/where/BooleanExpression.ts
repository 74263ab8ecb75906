import type { Column, Relationship } from "../Table.js"
import type { ColumnType, ValueOperator } from "../values/ColumnType.js"
import type { Operator } from "./operators.js"

/**
 * A checked `where`. Every column exists, every operator belongs to its column, and every value has
 * passed Hasura's own checks. Values are texts that PostgreSQL will cast.
 */
export type BooleanExpression =
  | { readonly _tag: "And"; readonly all: ReadonlyArray<BooleanExpression> }
  | { readonly _tag: "Or"; readonly any: ReadonlyArray<BooleanExpression> }
  | { readonly _tag: "Not"; readonly expression: BooleanExpression }
  | { readonly _tag: "Comparison"; readonly column: Column; readonly comparison: Comparison }
  /** True if a related row matches. */
  | {
      readonly _tag: "Exists"
      readonly relationship: Relationship
      readonly expression: BooleanExpression
    }
  /** True if the result of a function over related rows, such as `count`, matches. */
  | {
      readonly _tag: "Aggregate"
      readonly relationship: Relationship
      readonly function: string
      readonly columns: ReadonlyArray<Column>
      readonly result: ColumnType
      readonly filter: BooleanExpression
      readonly comparisons: ReadonlyArray<Comparison>
    }

/** What is counted: rows, rows in which columns are not null, or distinct values of columns. */
export interface CountOf {
  readonly columns: ReadonlyArray<Column>
  readonly distinct: boolean
}

export type Comparison =
  | {
      readonly _tag: "Value"
      readonly operator: ValueOperator
      readonly value: string
    }
  | {
      readonly _tag: "Values"
      readonly operator: "_in" | "_nin"
      readonly values: ReadonlyArray<string>
    }
  | { readonly _tag: "IsNull"; readonly isNull: boolean }
  /** An operator that only some types have, with its argument or the elements of its argument. */
  | {
      readonly _tag: "Operator"
      readonly operator: Operator
      readonly value: string | null | ReadonlyArray<string>
    }
  /** The filter `_cast: {String: ...}` of a jsonb column. */
  | { readonly _tag: "AsText"; readonly comparisons: ReadonlyArray<Comparison> }

/** True for every row. */
export const everything: BooleanExpression = { _tag: "And", all: [] }
