import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import { repeatedQueries, type Use } from "./client.js"
import { end, group, start } from "./weekly.js"

export const weekly = (building: number) => weeklyOf(building, TimeRange.between(from, to))

const [from, to] = [new Date(start), new Date(end)]

/**
 * A query for the same week. The client computes the start and the end of the week from the rules
 * of the zone.
 */
const weeklyOfZone = (building: number) =>
  weeklyOf(building, TimeRange.week("2024-W01", "America/Chicago"))

const weeklyOf = (building: number, range: TimeRange.TimeRange) =>
  Query.from(building_features, {
    select: ["feature_value", "date_time_start"],
    where: {
      building_id: building,
      feature_name: "weekly_frequency_dist",
      granularity: "P1W",
      group_id: group,
      date_time_start: range
    }
  })

/**
 * Returns a function that gives the query for a building. With `isRepeated`, the queries are
 * created once and repeated. Otherwise a new query is created for each request.
 */
export const queries = ({ isOfZone, isRepeated }: Use): typeof weekly => {
  if (!isRepeated) return isOfZone === true ? weeklyOfZone : weekly
  const made = Array.from({ length: repeatedQueries }, (_, building) => weekly(building))
  return (building) => made[building % repeatedQueries] ?? weekly(building)
}
