/** Loads the days of each selected space. */
import * as Query from "@innerspace-metrics/core/Query"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import type { Place } from "../model/Place.js"
import * as SeriesByMeasure from "../model/SeriesByMeasure.js"
import * as Span from "../model/Span.js"
import { Insights } from "../Runtime.js"

export const loadSpaces = (place: Place) =>
  Effect.gen(function* () {
    const metrics = yield* Insights
    const range = Span.range(place.selection.span, place.building.zone)
    const keys = place.zones.map(({ id }) => id)
    const rows = yield* metrics.query(
      Query.from(ZONE_INSIGHTS, {
        operationName: "spaces",
        select: ["ZONE_ID", "DATE_TIME_START", "OCCUPANCY_MAX", "OCCUPANCY_MEAN"],
        where: {
          BUILDING_ID: place.building.id,
          ZONE_ID: keys,
          GROUP_ID: place.selection.group,
          GRANULARITY: "P1D",
          DATE_PARTITION: range
        },
        orderBy: [{ ZONE_ID: "asc" }, { DATE_TIME_START: "asc" }]
      })
    )
    return {
      hasRows: rows.length > 0,
      series: yield* SeriesByMeasure.pivot(
        rows.map((row) => ({ ...row, key: row.ZONE_ID })),
        { keys, range, granularity: "P1D", place }
      )
    }
  })
