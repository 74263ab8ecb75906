/** Loads the values of each floor. */
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import type { Place } from "../model/Place.js"
import * as SeriesByMeasure from "../model/SeriesByMeasure.js"
import * as Span from "../model/Span.js"
import { Insights } from "../Runtime.js"

export const loadFloors = (place: Place) =>
  Effect.gen(function* () {
    const { group, granularity, span } = place.selection
    const metrics = yield* Insights
    // Every period of a series must be complete. A month can begin or end within a week, so the
    // query also covers the days of this week that are outside the month.
    const { first, end } = granularity === "P1W" ? Span.wholeWeeks(span) : span
    const range = TimeRange.dates(first, end, place.building.zone)
    const keys = place.floors.map(({ id }) => id)
    const rows = yield* metrics.query(
      Query.from(BUILDING_INSIGHTS, {
        operationName: "floors",
        select: ["SITE_ID", "DATE_TIME_START", "OCCUPANCY_MAX", "OCCUPANCY_MEAN"],
        where: {
          BUILDING_ID: place.building.id,
          SITE_ID: keys,
          GROUP_ID: group,
          GRANULARITY: granularity,
          DATE_PARTITION: range
        },
        orderBy: [{ SITE_ID: "asc" }, { DATE_TIME_START: "asc" }]
      })
    )
    return yield* SeriesByMeasure.pivot(
      rows.map((row) => ({ ...row, key: row.SITE_ID })),
      { keys, range, granularity, place }
    )
  })
