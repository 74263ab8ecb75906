import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import { repeatedQueries, type Use } from "./client.js"
import { group } from "./weekly.js"

export const weekly = (building: number) =>
  Query.from(building_features, {
    select: ["feature_value", "date_time_start"],
    where: {
      building_id: building,
      feature_name: "weekly_frequency_dist",
      granularity: "P1W",
      group_id: group,
      date_time_start: TimeRange.week("2024-W01", "America/Chicago")
    }
  })

/** The queries of a program: created once and repeated in turn, or a new one for each request. */
export const queries = ({ isRepeated }: Use): typeof weekly => {
  if (!isRepeated) return weekly
  const made = Array.from({ length: repeatedQueries }, (_, building) => weekly(building))
  return (building) => made[building % repeatedQueries] ?? weekly(building)
}
