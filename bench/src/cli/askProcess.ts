/** A small program that prints what `innerspace query` prints. */
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
import * as Csv from "@innerspace-metrics/export/Csv"
import * as Export from "@innerspace-metrics/export/Export"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Effect from "effect/Effect"

const hours = Query.from(BUILDING_INSIGHTS, {
  select: ["DATE_TIME_START", "SITE_ID", "OCCUPANCY_MEAN"],
  where: {
    BUILDING_ID: 71,
    GRANULARITY: "PT1H",
    GROUP_ID: "00000000-0000-0000-0000-000000000000",
    DATE_TIME_START: TimeRange.dates("2025-05-01", "2025-05-02", "America/Chicago")
  }
})

Export.toFile(hours, Csv.writable(process.stdout)).pipe(
  Effect.provide(NodeMetrics.layerConfig()),
  Effect.runPromise
)
