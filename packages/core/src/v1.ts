/**
 * The catalogue of the vendor's v1 API (`Api.v1`): long rows, one for each feature or metric, period and group.
 *
 * The vendor's pages show six columns of `building_features` and none of the other tables. What is `assumed` here can be
 * wrong; make a `Table` of your own where it is.
 */
import type * as DateTime from "effect/DateTime"
import * as Column from "./Column.js"
import type { Granularity } from "./Granularity.js"
import type { JsonValue } from "./JsonValue.js"
import * as Scalar from "./Scalar.js"
import * as Table from "./Table.js"

const authenticationPage =
  "https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated"

const bySymmetry =
  "by symmetry with feature_name and feature_value; the vendor's page of building_metrics is not public"

const granularity: Scalar.Scalar<string, Scalar.TextFilter<Granularity>> = Scalar.String

/** Columns of `building_features`. */
export interface BuildingFeaturesColumns {
  readonly building_id: Column.Column<number, Scalar.NumberFilter>
  readonly feature_name: Column.Column<string, Scalar.TextFilter>
  /** An object with several values; its shape depends on the feature and is not documented. */
  readonly feature_value: Column.Column<JsonValue, Scalar.JsonbFilter>
  readonly granularity: Column.Column<string, Scalar.TextFilter<Granularity>>
  /** Not a UUID: the documented one begins with `all-`. */
  readonly group_id: Column.Column<string, Scalar.TextFilter>
  /** Start of the period, in UTC. */
  readonly date_time_start: Column.Column<DateTime.Utc, Scalar.TimestampFilter>
}

/**
 * Features of buildings, published nightly.
 *
 * All six columns stand in the vendor's example; their types are read off its literals.
 *
 * @example
 * ```ts
 * import { Query, TimeRange } from "@innerspace-metrics/core"
 * import { building_features } from "@innerspace-metrics/core/v1"
 *
 * const weeks = Query.from(building_features, {
 *   select: ["feature_value", "date_time_start"],
 *   where: {
 *     building_id: 71,
 *     feature_name: "weekly_frequency_dist",
 *     granularity: "P1W",
 *     date_time_start: TimeRange.dates("2024-01-01", "2024-07-01", "America/Chicago")
 *   }
 * })
 * ```
 */
export const building_features: Table.Table<"building_features", BuildingFeaturesColumns> =
  Table.make("building_features", {
    building_id: Column.documented(Scalar.Int, authenticationPage),
    feature_name: Column.documented(Scalar.String, authenticationPage),
    feature_value: Column.documented(Scalar.jsonb, authenticationPage),
    granularity: Column.documented(granularity, authenticationPage),
    group_id: Column.documented(Scalar.String, authenticationPage),
    date_time_start: Column.documented(Scalar.timestamptz, authenticationPage)
  })

/** Columns of `building_metrics`. */
export interface BuildingMetricsColumns {
  readonly building_id: Column.Column<number, Scalar.NumberFilter>
  readonly metric_name: Column.Column<string, Scalar.TextFilter>
  /** A metric is one number; its unit depends on the metric. */
  readonly metric_value: Column.Column<number | null, Scalar.NumberFilter>
  readonly granularity: Column.Column<string, Scalar.TextFilter<Granularity>>
  readonly group_id: Column.Column<string, Scalar.TextFilter>
  /** Start of the period, in UTC. */
  readonly date_time_start: Column.Column<DateTime.Utc, Scalar.TimestampFilter>
}

/**
 * Metrics of buildings, published nightly. The table is documented, its columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const latest = Query.from(building_metrics, {
 *   select: ["metric_name", "metric_value", "date_time_start"],
 *   where: { building_id: 71, granularity: "PT1H" },
 *   orderBy: [{ date_time_start: "desc" }],
 *   limit: 24
 * })
 * ```
 */
export const building_metrics: Table.Table<"building_metrics", BuildingMetricsColumns> = Table.make(
  "building_metrics",
  {
    building_id: Column.assumed(Scalar.Int, bySymmetry),
    metric_name: Column.assumed(Scalar.String, bySymmetry),
    metric_value: Column.nullable(Column.assumed(Scalar.float8, bySymmetry)),
    granularity: Column.assumed(granularity, bySymmetry),
    group_id: Column.assumed(Scalar.String, bySymmetry),
    date_time_start: Column.assumed(Scalar.timestamptz, bySymmetry)
  }
)
