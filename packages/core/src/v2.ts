/**
 * The catalogue of the vendor's v1.5 and v2 APIs (`Api.v1_5`, `Api.v2`): wide rows, a metric is a column.
 *
 * Which columns exist beside those of the vendor's example is not public; make a `Table` of your own where you know more.
 */
import type * as DateTime from "effect/DateTime"
import * as Column from "./Column.js"
import type { Granularity } from "./Granularity.js"
import * as Scalar from "./Scalar.js"
import * as Table from "./Table.js"

const authenticationPage = "https://developers.innerspace.io/authentication"

const granularity: Scalar.Scalar<string, Scalar.TextFilter<Granularity>> = Scalar.String

/** Columns of `BUILDING_INSIGHTS`. */
export interface BuildingInsightsColumns {
  readonly BUILDING_ID: Column.Column<number, Scalar.NumberFilter>
  readonly SITE_ID: Column.Column<number, Scalar.NumberFilter>
  /** `00000000-0000-0000-0000-000000000000` reads as everyone in v2 (assumed). */
  readonly GROUP_ID: Column.Column<string, Scalar.TextFilter>
  readonly GRANULARITY: Column.Column<string, Scalar.TextFilter<Granularity>>
  /** A day as the integer YYYYMMDD. Whether it is the building's day or UTC's is not documented. */
  readonly DATE_PARTITION: Column.Column<number, Scalar.NumberFilter>
  /** Start of the period, in UTC (assumed). */
  readonly DATE_TIME_START: Column.Column<DateTime.Utc, Scalar.TimestampFilter>
  /** Mean of the per-minute counts of people, empty minutes included (assumed). */
  readonly OCCUPANCY_MEAN: Column.Column<number | null, Scalar.NumberFilter>
}

/**
 * Metrics and features of buildings, published nightly.
 *
 * All seven columns stand in the vendor's example; their types are read off its literals, and where a value is only
 * selected or sorted by, the type is assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
 *
 * const day = Query.from(BUILDING_INSIGHTS, {
 *   select: ["DATE_TIME_START", "OCCUPANCY_MEAN"],
 *   where: { BUILDING_ID: 71, GRANULARITY: "PT1H", DATE_PARTITION: 20240108 },
 *   orderBy: [{ DATE_TIME_START: "asc" }]
 * })
 * ```
 */
export const BUILDING_INSIGHTS: Table.Table<"BUILDING_INSIGHTS", BuildingInsightsColumns> =
  Table.make("BUILDING_INSIGHTS", {
    BUILDING_ID: Column.documented(Scalar.Int, authenticationPage),
    SITE_ID: Column.documented(Scalar.Int, authenticationPage),
    GROUP_ID: Column.documented(Scalar.String, authenticationPage),
    GRANULARITY: Column.documented(granularity, authenticationPage),
    DATE_PARTITION: Column.documented(Scalar.Int, authenticationPage),
    DATE_TIME_START: Column.assumed(
      Scalar.timestamptz,
      "named and sorted as a time in the example"
    ),
    OCCUPANCY_MEAN: Column.nullable(
      Column.assumed(Scalar.Float, "the mean of a count, selected in the example")
    )
  })
