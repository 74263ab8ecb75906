import type { BooleanExpression } from "../graphql/where/BooleanExpression.js"
import { quarterAt, type Span } from "./keys.js"

/**
 * A span of quarter hours, derived from the conditions on `DATE_TIME_START`. Outside of the span,
 * no row can match. A page of a long stream needs only a small part of the year, and must not scan
 * the whole year.
 */
export const quarterSpan = (where: BooleanExpression): Span => {
  if (where._tag === "And") return where.all.map(quarterSpan).reduce(intersection, everything)
  if (where._tag !== "Comparison" || where.column.name !== "DATE_TIME_START") return everything
  const { comparison } = where
  if (comparison._tag !== "Value") return everything
  const quarter = quarterAt(Date.parse(comparison.value))
  if (Number.isNaN(quarter)) return everything
  switch (comparison.operator) {
    case "_eq":
      return { from: quarter, to: quarter + 1 }
    case "_gt":
    case "_gte":
      return { from: quarter, to: Infinity }
    case "_lt":
    case "_lte":
      return { from: 0, to: quarter + 1 }
    default:
      return everything
  }
}

const everything: Span = { from: 0, to: Infinity }

const intersection = (one: Span, other: Span): Span => ({
  from: Math.max(one.from, other.from),
  to: Math.min(one.to, other.to)
})
