import type { Column, Relationship, Table } from "../Table.js"
import type { CountOf } from "../where/BooleanExpression.js"
import type { AggregateFunctionName } from "./aggregateFunctions.js"
import type { SelectArguments } from "./SelectArguments.js"

/** The field `__typename`. Its value is known before any row is read. */
export interface Typename {
  readonly _tag: "Typename"
  readonly responseKey: string
  readonly typeName: string
}

/** A field of a row in the response. `responseKey` is its name in the query. */
export type Selected =
  | Typename
  | {
      readonly _tag: "Column"
      readonly responseKey: string
      readonly column: Column
      readonly jsonPath: ReadonlyArray<string> | undefined
    }
  | {
      readonly _tag: "Related"
      readonly responseKey: string
      readonly relationship: Relationship
      readonly table: Table
      readonly selection: ReadonlyArray<Selected>
    }
  | {
      readonly _tag: "RelatedRows"
      readonly responseKey: string
      readonly relationship: Relationship
      readonly select: Select
    }
  | {
      readonly _tag: "RelatedAggregate"
      readonly responseKey: string
      readonly relationship: Relationship
      readonly aggregate: Aggregate
    }

/** Rows of a table. */
export interface Select {
  readonly table: Table
  readonly args: SelectArguments
  readonly selection: ReadonlyArray<Selected>
}

/** Aggregates of rows of a table, and the rows. */
export interface Aggregate {
  readonly table: Table
  readonly args: SelectArguments
  readonly parts: ReadonlyArray<AggregatePart>
}

export type AggregatePart =
  | Typename
  | {
      readonly _tag: "Numbers"
      readonly responseKey: string
      readonly numbers: ReadonlyArray<AggregateNumber>
    }
  | {
      readonly _tag: "Nodes"
      readonly responseKey: string
      readonly selection: ReadonlyArray<Selected>
    }

export type AggregateNumber =
  | Typename
  | { readonly _tag: "Count"; readonly responseKey: string; readonly count: CountOf }
  | {
      readonly _tag: "Function"
      readonly responseKey: string
      readonly name: AggregateFunctionName
      readonly columns: ReadonlyArray<
        | Typename
        | { readonly _tag: "Column"; readonly responseKey: string; readonly column: Column }
      >
    }

/** The plan of one root field for the database. */
export type Plan = { readonly responseKey: string } & (
  | { readonly _tag: "Rows"; readonly select: Select }
  /** The row with a given key, or null. */
  | { readonly _tag: "Row"; readonly select: Select }
  | { readonly _tag: "Aggregate"; readonly aggregate: Aggregate }
)
