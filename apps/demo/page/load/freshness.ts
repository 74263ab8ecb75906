/** Loads the last day for which a building's values are published. */
import * as Query from "@innerspace-metrics/core/Query"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Building } from "../model/Directory.js"
import * as Place from "../model/Place.js"
import { Insights } from "../Runtime.js"

/** Returns none if the building has no values. */
export const loadFreshness = (building: Building, everyone: string) =>
  Effect.gen(function* () {
    const metrics = yield* Insights
    const [row] = yield* metrics.query(
      Query.from(BUILDING_INSIGHTS, {
        operationName: "latest_night",
        select: ["DATE_TIME_START"],
        where: {
          BUILDING_ID: building.id,
          SITE_ID: building.wholeSite,
          GROUP_ID: everyone,
          GRANULARITY: "P1D"
        },
        orderBy: { DATE_TIME_START: "desc" },
        limit: 1
      })
    )
    return Option.map(Option.fromNullable(row), ({ DATE_TIME_START }) =>
      Place.freshnessFrom(DATE_TIME_START, building.zone)
    )
  })
