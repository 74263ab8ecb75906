/**
 * Loads the hours of the selected building or floor. This is the longest stream of the page, so it
 * reports its progress.
 */

import * as Query from "@innerspace-metrics/core/Query"
import type { Progress } from "@innerspace-metrics/core/Streaming"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Place } from "../model/Place.js"
import * as SeriesByMeasure from "../model/SeriesByMeasure.js"
import * as Span from "../model/Span.js"
import { Insights } from "../Runtime.js"

export const loadHours = (place: Place, onProgress: (progress: Progress) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const metrics = yield* Insights
    const range = Span.range(place.selection.span, place.building.zone)
    const site = place.floor?.id ?? place.building.wholeSite
    const rows = yield* metrics
      .stream(
        Query.from(BUILDING_INSIGHTS, {
          operationName: "hours",
          select: ["SITE_ID", "DATE_TIME_START", "OCCUPANCY_MAX", "OCCUPANCY_MEAN"],
          where: {
            BUILDING_ID: place.building.id,
            SITE_ID: site,
            GROUP_ID: place.selection.group,
            GRANULARITY: "PT1H",
            DATE_TIME_START: range
          }
        }),
        { window: "31 days", onProgress }
      )
      .pipe(Stream.runCollect, Effect.map(Chunk.toReadonlyArray))
    const series = yield* SeriesByMeasure.pivot(
      rows.map((row) => ({ ...row, key: row.SITE_ID })),
      {
        keys: [site],
        range,
        granularity: "PT1H",
        place
      }
    )
    return { site, series }
  })
