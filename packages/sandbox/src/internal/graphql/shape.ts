import type { Aggregate, AggregatePart, Plan, Selected } from "./Plan.js"
import { columnAlias } from "./sql.js"

/** Gives what a statement answered the names that the query wants; PostgreSQL knows only numbers. */
export const shape = (plan: Plan, value: unknown): unknown => {
  switch (plan._tag) {
    case "Rows":
      return list(value).map((row) => shapeRow(plan.select.selection, row))
    case "Row":
      return shapeRow(plan.select.selection, value)
    case "Aggregate":
      return shapeAggregate(plan.aggregate, value)
  }
}

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

type Numbered = Readonly<Record<string, unknown>>

const isNumbered = (value: unknown): value is Numbered =>
  typeof value === "object" && value !== null

const shapeRow = (selection: ReadonlyArray<Selected>, row: unknown): unknown =>
  isNumbered(row)
    ? Object.fromEntries(
        selection.map((selected, index) => [
          selected.responseKey,
          shapeSelected(selected, row[columnAlias(index)])
        ])
      )
    : null

const shapeSelected = (selected: Selected, value: unknown): unknown => {
  switch (selected._tag) {
    case "Typename":
      return selected.typeName
    case "Column":
      return value
    case "Related":
      return shapeRow(selected.selection, value)
    case "RelatedRows":
      return list(value).map((row) => shapeRow(selected.select.selection, row))
    case "RelatedAggregate":
      return shapeAggregate(selected.aggregate, value)
  }
}

const shapeAggregate = ({ parts }: Aggregate, value: unknown): unknown =>
  isNumbered(value)
    ? Object.fromEntries(
        parts.map((part, index) => [part.responseKey, shapePart(part, value[columnAlias(index)])])
      )
    : null

const shapePart = (part: AggregatePart, value: unknown): unknown => {
  if (part._tag === "Typename") return part.typeName
  if (part._tag === "Nodes") return list(value).map((row) => shapeRow(part.selection, row))
  if (!isNumbered(value)) return null
  let next = 0
  const take = (): unknown => value[columnAlias(next++)]
  const valueOf = (number: (typeof part.numbers)[number]): unknown => {
    switch (number._tag) {
      case "Typename":
        return number.typeName
      case "Count":
        return take()
      case "Function":
        return Object.fromEntries(
          number.columns.map((column) => [
            column.responseKey,
            column._tag === "Typename" ? column.typeName : take()
          ])
        )
    }
  }
  return Object.fromEntries(part.numbers.map((number) => [number.responseKey, valueOf(number)]))
}
