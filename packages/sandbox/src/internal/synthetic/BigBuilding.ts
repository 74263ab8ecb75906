import { groups } from "../data/buildings.js"
import { schemas } from "../data/schemas.js"
import type { Select } from "../graphql/select/Plan.js"
import type { BooleanExpression } from "../graphql/where/BooleanExpression.js"
import { levelsOf, ordered } from "./keyOrder.js"
import { rowPredicate } from "./keyPredicate.js"
import { quartersOf, type RowKey, zones } from "./keys.js"
import { notSupported } from "./notSupported.js"
import { quarterSpan } from "./quarterSpan.js"
import { rowWriter } from "./rowText.js"

/**
 * Whether a query asks for the big building. This building has no rows in the database. It has
 * every quarter hour of a year for 200 zones. These 7,008,000 rows of `ZONE_INSIGHTS` are computed
 * while they are sent. The building exists only for a query whose `where` requires `BUILDING_ID` to
 * be 900, and for a role that may read this building.
 */
export const isAskedFor = (
  { args, table }: Select,
  permitted: ReadonlyArray<number> | undefined
): boolean =>
  table.name === "ZONE_INSIGHTS" && (permitted?.includes(900) ?? true) && pins(args.where)

const pins = (where: BooleanExpression): boolean => {
  if (where._tag === "And") return where.all.some(pins)
  if (where._tag !== "Comparison" || where.column.name !== "BUILDING_ID") return false
  const { comparison } = where
  return comparison._tag === "Value"
    ? comparison.operator === "_eq" && Number(comparison.value) === 900
    : comparison._tag === "Values" &&
        comparison.operator === "_in" &&
        comparison.values.length === 1 &&
        Number(comparison.values[0]) === 900
}

export interface Options {
  /**
   * The sandbox's time, in milliseconds since the epoch. Rows that are published later are left
   * out.
   */
  readonly now: number
  readonly rowLimit: number | undefined
  readonly stringifyNumericTypes: boolean
}

/**
 * The rows as JSON texts, one by one, in the order of the query. Throws a `HasuraError` before the
 * first row if the query needs a database.
 */
export const rows = (select: Select, options: Options): Iterable<string> => {
  const { args, table } = select
  if (args.distinctOn.length > 0) throw notSupported("distinct_on")
  const everyone = groups[0]
  const groupId = table.relation.schema === schemas.v1_5 ? everyone?.v1Id : everyone?.v2Id
  const matches = rowPredicate(args.where, groupId ?? "")
  // Conditions that depend only on times, or only on zones, exclude quarter hours or zones before
  // any row is made.
  const quarters = quartersOf(options.now, quarterSpan(args.where)).filter(
    (quarter) => matches(quarter, undefined) !== false
  )
  const candidates = { quarters, zones: zones.filter((zone) => matches(undefined, zone) !== false) }
  const levels = levelsOf(args.orderBy)
  const write = rowWriter(select.selection, groupId ?? "", options.stringifyNumericTypes)
  const limit = Math.min(Number(args.limit ?? Infinity), options.rowLimit ?? Infinity)
  return {
    *[Symbol.iterator]() {
      let toSkip = Number(args.offset ?? 0)
      let left = limit
      for (const { quarter, zone } of ordered(levels, candidates)) {
        if (left <= 0) return
        if (matches(quarter, zone) !== true) continue
        if (toSkip > 0) {
          toSkip -= 1
          continue
        }
        left -= 1
        yield write({ quarter, zone } satisfies RowKey)
      }
    }
  }
}
