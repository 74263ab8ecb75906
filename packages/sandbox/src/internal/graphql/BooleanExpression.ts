import type { JsonOperator, TextOperator, ValueOperator } from "./ColumnType.js"
import type { Column } from "./Table.js"

/**
 * A checked `where`: every column exists, every operator belongs to its column, every value has passed the checks that
 * Hasura makes before PostgreSQL sees it. Values are the text that PostgreSQL will cast.
 */
export type BooleanExpression =
  | { readonly _tag: "And"; readonly all: ReadonlyArray<BooleanExpression> }
  | { readonly _tag: "Or"; readonly any: ReadonlyArray<BooleanExpression> }
  | { readonly _tag: "Not"; readonly expression: BooleanExpression }
  | { readonly _tag: "Comparison"; readonly column: Column; readonly comparison: Comparison }

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
  | { readonly _tag: "Text"; readonly operator: TextOperator; readonly pattern: string }
  | { readonly _tag: "Json"; readonly operator: JsonOperator; readonly value: string }
  /** `_cast: {String: ...}` of a jsonb column. */
  | { readonly _tag: "AsText"; readonly comparisons: ReadonlyArray<Comparison> }

/** True for every row. */
export const everything: BooleanExpression = { _tag: "And", all: [] }
