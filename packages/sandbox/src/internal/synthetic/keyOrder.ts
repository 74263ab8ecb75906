import type { OrderBy } from "../graphql/select/OrderBy.js"
import type { RowKey } from "./keys.js"
import { partitionOf, siteOf } from "./keys.js"
import { notSupported } from "./notSupported.js"

export interface Candidates {
  readonly quarters: ReadonlyArray<number>
  readonly zones: ReadonlyArray<number>
}

/**
 * One key of the order. It splits candidates into groups in which the key has the same value. The
 * groups are in the order of their values.
 */
export type Level = (candidates: Candidates) => Iterable<Candidates>

/** The keys of an order. Throws a `HasuraError` for a column that is not a key. */
export const levelsOf = (orderBy: ReadonlyArray<OrderBy>): ReadonlyArray<Level> =>
  orderBy.flatMap(({ direction, target }) => {
    if (target._tag !== "Column") throw notSupported(`an order by ${target.relationship.name}`)
    const directed = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> =>
      direction.startsWith("desc") ? values.toReversed() : values
    const byQuarter =
      (value: (quarter: number) => number): Level =>
      ({ quarters, zones }) =>
        directed(runs(quarters, value)).map((run) => ({ quarters: run, zones }))
    const byZone =
      (value: (zone: number) => number): Level =>
      ({ quarters, zones }) =>
        directed(runs(zones, value)).map((run) => ({ quarters, zones: run }))
    switch (target.column.name) {
      case "BUILDING_ID":
      case "GRANULARITY":
      case "GROUP_ID":
        return []
      case "DATE_PARTITION":
        return [byQuarter(partitionOf)]
      case "DATE_TIME_START":
        return [byQuarter((quarter) => quarter)]
      case "ZONE_ID":
        return [byZone((zone) => zone)]
      case "SITE_ID":
        return [byZone(siteOf)]
      default:
        throw notSupported(`an order by ${target.column.name}`)
    }
  })

/**
 * Splits keys into runs of neighbours with the same value. Values rise with the keys, so each value
 * has only one run.
 */
const runs = (
  keys: ReadonlyArray<number>,
  value: (key: number) => number
): ReadonlyArray<ReadonlyArray<number>> => {
  const found: Array<Array<number>> = []
  let last: number | undefined
  for (const key of keys) {
    const current = value(key)
    const run = found.at(-1)
    if (run !== undefined && current === last) run.push(key)
    else found.push([key])
    last = current
  }
  return found
}

/** All pairs of a quarter hour and a zone, in order. */
export function* ordered(levels: ReadonlyArray<Level>, candidates: Candidates): Iterable<RowKey> {
  const [level, ...others] = levels
  if (level !== undefined) {
    for (const part of level(candidates)) yield* ordered(others, part)
    return
  }
  for (const quarter of candidates.quarters) {
    for (const zone of candidates.zones) yield { quarter, zone }
  }
}
