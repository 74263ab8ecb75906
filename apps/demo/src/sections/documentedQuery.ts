/**
 * The query that the vendor documents, with the same operation name, alias and list of conditions.
 *
 * Sources: https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated,
 * https://developers.innerspace.io/api-reference-v2
 */
import type * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Backend } from "../Backend.js"
import { buildingId, everybody, timeZone, wholeBuildingSiteId } from "../building.js"
import { document } from "../pictures/document.js"
import { table } from "../pictures/table.js"
import { atLeastOne } from "../section.js"

/** The query of v1 for the first week of 2024. Its result is one row. */
const documentedFeatures = Query.from(building_features, {
  operationName: "sample_graphql",
  select: ["feature_value", "date_time_start"],
  where: {
    _and: [
      { building_id: buildingId },
      { feature_name: "weekly_frequency_dist" },
      { granularity: "P1W" },
      { group_id: everybody.v1 },
      { date_time_start: TimeRange.week("2024-W01", timeZone) }
    ]
  }
}).pipe(Query.as("data"))

/**
 * The query of v1.5 and v2 for the hours of 2025-05-01, newest first. The two generations have
 * different group ids.
 */
const documentedInsights = (version: "v1.5" | "v2") =>
  Query.from(BUILDING_INSIGHTS, {
    operationName: "sample_graphql",
    select: [
      "BUILDING_ID",
      "DATE_TIME_START",
      "OCCUPANCY_MEAN",
      "GRANULARITY",
      "GROUP_ID",
      "SITE_ID"
    ],
    where: {
      DATE_PARTITION: 20250501,
      BUILDING_ID: buildingId,
      GRANULARITY: "PT1H",
      GROUP_ID: everybody[version],
      SITE_ID: wholeBuildingSiteId
    },
    orderBy: { DATE_TIME_START: "desc" }
  })

/** The documented query of a generation. The type of its rows is left open. */
export const documentedQueryOf = (version: Api.Api["version"]): Query.Query<unknown> =>
  version === "v1" ? documentedFeatures : documentedInsights(version)

export const documentedQuery = Effect.gen(function* () {
  const { api } = yield* Backend
  yield* api.version === "v1" ? features : insights(api.version)
})

const features = Effect.gen(function* () {
  const metrics = yield* MetricsClient.MetricsClient
  yield* showDocument(documentedFeatures)
  const rows = yield* atLeastOne(metrics.query(documentedFeatures))
  yield* Console.log(
    table(
      [{ heading: "date_time_start" }, { heading: "feature_value", width: 50 }],
      rows.map((row) => [
        DateTime.formatIso(row.date_time_start),
        // The table wraps a text only at blanks, so put blanks after the commas.
        JSON.stringify(row.feature_value).replaceAll(",", ", ")
      ])
    )
  )
})

const insights = (version: "v1.5" | "v2") =>
  Effect.gen(function* () {
    const metrics = yield* MetricsClient.MetricsClient
    const query = documentedInsights(version)
    yield* showDocument(query)
    const rows = yield* atLeastOne(metrics.query(query))
    yield* Console.log(
      table(
        [
          { heading: "DATE_TIME_START" },
          { heading: "OCCUPANCY_MEAN", align: "right" },
          { heading: "BUILDING_ID", align: "right" },
          { heading: "SITE_ID", align: "right" }
        ],
        rows.map((row) => [
          DateTime.formatIso(row.DATE_TIME_START),
          row.OCCUPANCY_MEAN === null ? "null" : row.OCCUPANCY_MEAN.toFixed(2),
          String(row.BUILDING_ID),
          String(row.SITE_ID)
        ])
      )
    )
  })

const showDocument = <Row>(query: Query.Query<Row>) =>
  Effect.gen(function* () {
    const builder = yield* QueryBuilder.QueryBuilder
    const operation = yield* builder.build(query)
    yield* Console.log(
      "Requests send values as variables. With the values in the text, the query is:"
    )
    yield* Console.log(document(yield* Operation.toInlineText(operation)))
  })
