/** Loads the weekly frequency distribution, with the query that the vendor documents. */
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as WeeklyFrequency from "../../src/WeeklyFrequency.js"
import type { Place } from "../model/Place.js"
import * as Span from "../model/Span.js"
import type { Week } from "../model/Week.js"
import { Features } from "../Runtime.js"

/** The error for a value that does not have the shape that the page assumes. */
class UnknownShape extends Data.TaggedError("UnknownShape")<{
  readonly problem: string
  readonly hint: string
}> {}

/** Loads the weeks that start in the span. */
export const loadWeeks = (place: Place) =>
  Effect.gen(function* () {
    const metrics = yield* Features
    const { zone } = place.building
    const range = Span.range(place.selection.span, zone)
    const rows = yield* metrics.query(
      Query.from(building_features, {
        select: ["feature_value", "date_time_start"],
        where: {
          building_id: place.building.id,
          feature_name: "weekly_frequency_dist",
          granularity: "P1W",
          group_id: place.selection.group,
          date_time_start: range
        },
        orderBy: { date_time_start: "asc" }
      })
    )
    const countsByMonday = new Map<string, WeeklyFrequency.Counts>()
    for (const row of rows) {
      const counts = yield* Effect.orElseFail(
        WeeklyFrequency.decode(row.feature_value),
        () =>
          new UnknownShape({
            problem: `A value of weekly_frequency_dist is not an object of counts for 1 to 7 days: ${JSON.stringify(row.feature_value).slice(0, 80)}`,
            hint: "The vendor does not document the shape. Adapt this page to the value that your API returns"
          })
      )
      countsByMonday.set(localDate(row.date_time_start, zone), counts)
    }
    const buckets = yield* TimeRange.buckets(range, "P1W", zone)
    return buckets.flatMap(({ start }): ReadonlyArray<Week> => {
      const monday = localDate(start, zone)
      // A week that started before the span does not belong to the span.
      if (Span.containing("week", monday).first !== monday) return []
      return [
        {
          monday,
          counts: countsByMonday.get(monday),
          isPublished:
            Span.containing("week", monday).end <= DateTime.formatIsoDate(place.freshness.until)
        }
      ]
    })
  })

const localDate = (instant: DateTime.DateTime, zone: string): string =>
  DateTime.formatIsoDate(DateTime.unsafeSetZoneNamed(instant, zone))
