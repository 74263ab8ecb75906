/**
 * The catalogue of the vendor's v1 API (`Api.v1`). Most tables have one row for each combination of
 * a space, a feature or metric, a period and a group of people.
 *
 * The vendor documents the names of these tables (https://developers.innerspace.io/granularity) and
 * six columns of `building_features`. All other columns are assumed and can be wrong. If a column
 * is wrong, define your own `Table`. The vendor does not document which columns can be null. In
 * this catalogue, all columns except the key columns can be null.
 */
import type * as DateTime from "effect/DateTime"
import type * as Catalog from "./Catalog.js"
import * as Column from "./Column.js"
import type * as Filter from "./Filter.js"
import * as Granularity from "./Granularity.js"
import type { KnownFeatures } from "./internal/catalog/knownMetrics.js"
import { makeCatalog } from "./internal/catalog/makeCatalog.js"
import * as decode from "./internal/scalar/decode.js"
import type { JsonValue } from "./JsonValue.js"
import type * as Metric from "./Metric.js"
import * as Scalar from "./Scalar.js"
import * as Table from "./Table.js"

// Each table is made in a function call that is marked pure. A bundler can therefore drop the
// tables that a program does not use.

const authenticationPage =
  "https://developers.innerspace.io/deprecated-api-2025-05-26/authentication-v1-deprecated"

const asBuildingFeatures = "by symmetry with building_features"

const asFeatures = "by symmetry with feature_name and feature_value of building_features"

const realtime = "the page of zone_occupancy is not public; by symmetry with the other tables"

/** The name of a metric. Editors complete the known names. Any other name is also accepted. */
type MetricName = LowerCase<keyof Metric.KnownMetrics> | (string & {})

/** The name of a feature. Editors complete the known names. Any other name is also accepted. */
type FeatureName = keyof KnownFeatures | (string & {})

/**
 * Only the names in lower case, which are the names of v1. The names of v1.5 and v2 are in upper
 * case.
 */
type LowerCase<Name extends string> = Name extends Lowercase<Name> ? Name : never

const granularity = (): Scalar.Scalar<string, Filter.TextFilter<Granularity.Granularity>> =>
  Scalar.make({ ...Scalar.String, names: Granularity.all })

/**
 * The v1 names of the metrics in `Metric.known`. They are written here again, so that a bundle that
 * only sends queries does not contain `Metric.known`.
 */
const metricName = (): Scalar.Scalar<string, Filter.TextFilter<MetricName>> =>
  Scalar.make({
    ...Scalar.String,
    names: [
      "occupancy_mean",
      "occupancy_mean_room",
      "occupancy_pos_mean",
      "occupancy_pos_mean_room",
      "occupancy_max",
      "people_count"
    ]
  })

/** The names of the features in `Metric.known`. */
const featureName = (): Scalar.Scalar<string, Filter.TextFilter<FeatureName>> =>
  Scalar.make({
    ...Scalar.String,
    names: [
      "weekly_frequency_dist",
      "occupancy_percent_capacity_max_room",
      "occupancy_percent_capacity_min_room",
      "occupancy_pos_percent_capacity_max_room",
      "occupancy_pos_percent_capacity_min_room"
    ]
  })

/**
 * A `jsonb` whose cells may also arrive as text that contains JSON. The vendor's example selects
 * the column without subfields, so the column is a scalar. The vendor calls a feature "an object",
 * so the type is assumed to be JSON. No response is documented, however, and some other servers
 * store JSON as text.
 */
const featureValue = (): Scalar.Scalar<JsonValue, Filter.JsonbFilter> =>
  Scalar.make({ ...Scalar.jsonb, decode: decode.jsonOrText })

/** Columns of all tables that are published nightly. */
interface PeriodColumns {
  readonly granularity: Column.Column<string, Filter.TextFilter<Granularity.Granularity>>
  /**
   * The id of a group of people. It is not a UUID: the documented id begins with `all-` and seems
   * to mean everyone.
   */
  readonly group_id: Column.Column<string, Filter.TextFilter>
  /** Start of the period, in UTC. */
  readonly date_time_start: Column.Column<DateTime.Utc, Filter.TimestampFilter>
}

/** Columns of all tables of features. */
interface FeatureColumns extends PeriodColumns {
  readonly feature_name: Column.Column<string, Filter.TextFilter<FeatureName>>
  /**
   * An object with several values. Its shape depends on the feature and is not documented. Text
   * that contains JSON is decoded as JSON.
   */
  readonly feature_value: Column.Column<JsonValue, Filter.JsonbFilter>
}

/** Columns of all tables of metrics. */
interface MetricColumns extends PeriodColumns {
  readonly metric_name: Column.Column<string, Filter.TextFilter<MetricName>>
  /** A metric is one number; its unit depends on the metric (see `Metric`). */
  readonly metric_value: Column.Column<number | null, Filter.NumberFilter>
}

/** Columns of tables about buildings. */
interface BuildingColumns {
  readonly building_id: Column.Column<number, Filter.NumberFilter>
}

/** Columns of tables about sites (typically floors). */
interface SiteColumns {
  readonly site_id: Column.Column<number, Filter.NumberFilter>
}

/** Columns of tables about zones (areas defined by a polygon). */
interface ZoneColumns {
  readonly zone_id: Column.Column<number, Filter.NumberFilter>
}

/** Columns of `building_features`. */
export interface building_features extends BuildingColumns, FeatureColumns {}

/** Columns of `building_metrics`. */
export interface building_metrics extends BuildingColumns, MetricColumns {}

/** Columns of `site_features`. */
export interface site_features extends SiteColumns, FeatureColumns {}

/** Columns of `site_metrics`. */
export interface site_metrics extends SiteColumns, MetricColumns {}

/** Columns of `zone_features`. */
export interface zone_features extends ZoneColumns, FeatureColumns {}

/** Columns of `zone_metrics`. */
export interface zone_metrics extends ZoneColumns, MetricColumns {}

/** Columns of `zone_occupancy`. */
export interface zone_occupancy extends ZoneColumns {
  /** Start of the time in which the people were counted, in UTC. */
  readonly date_time_start: Column.Column<DateTime.Utc, Filter.TimestampFilter>
  /** How many people were present. */
  readonly occupancy: Column.Column<number | null, Filter.NumberFilter>
}

/**
 * The dimensions of the tables of features. A query must filter by these columns, so that its rows
 * do not mix features, granularities or groups.
 */
const ofFeatures = { dimensions: ["feature_name", "granularity", "group_id"] } as const

/**
 * The dimensions of the tables of metrics. A query must filter by these columns, so that its rows
 * do not mix metrics, granularities or groups.
 */
const ofMetrics = { dimensions: ["metric_name", "granularity", "group_id"] } as const

const featureColumns = (): FeatureColumns => ({
  feature_name: Column.key(Column.assumed(featureName(), asBuildingFeatures)),
  feature_value: Column.nullable(Column.assumed(featureValue(), asBuildingFeatures)),
  granularity: Column.key(Column.assumed(granularity(), asBuildingFeatures)),
  group_id: Column.key(Column.assumed(Scalar.String, asBuildingFeatures)),
  date_time_start: Column.key(Column.assumed(Scalar.timestamptz, asBuildingFeatures))
})

const metricColumns = (): MetricColumns => ({
  metric_name: Column.key(Column.assumed(metricName(), asFeatures)),
  metric_value: Column.nullable(Column.assumed(Scalar.float8, asFeatures)),
  granularity: Column.key(Column.assumed(granularity(), asBuildingFeatures)),
  group_id: Column.key(Column.assumed(Scalar.String, asBuildingFeatures)),
  date_time_start: Column.key(Column.assumed(Scalar.timestamptz, asBuildingFeatures))
})

const assumedId = () => Column.key(Column.assumed(Scalar.Int, asBuildingFeatures))

/**
 * Features of buildings, published nightly.
 *
 * All six columns are in the vendor's example. The types of five columns follow from the literals
 * in the example. The type of `feature_value` is assumed.
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
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
 *     date_time_start: TimeRange.dates("2024-01-01", "2024-07-01", "America/Chicago")
 *   }
 * })
 * ```
 */
export const building_features: Table.Table<"building_features", building_features> =
  /* @__PURE__ */ (() =>
    Table.make(
      "building_features",
      {
        building_id: Column.key(Column.documented(Scalar.Int, authenticationPage)),
        feature_name: Column.key(Column.documented(featureName(), authenticationPage)),
        feature_value: Column.nullable(Column.documented(featureValue(), authenticationPage)),
        granularity: Column.key(Column.documented(granularity(), authenticationPage)),
        group_id: Column.key(Column.documented(Scalar.String, authenticationPage)),
        date_time_start: Column.key(Column.documented(Scalar.timestamptz, authenticationPage))
      },
      ofFeatures
    ))()

/**
 * Metrics of buildings, published nightly. The table is documented, its columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const latest = Query.from(building_metrics, {
 *   select: ["metric_value", "date_time_start"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   },
 *   orderBy: [{ date_time_start: "desc" }],
 *   limit: 24
 * })
 * ```
 */
export const building_metrics: Table.Table<"building_metrics", building_metrics> =
  /* @__PURE__ */ (() =>
    Table.make("building_metrics", { building_id: assumedId(), ...metricColumns() }, ofMetrics))()

/**
 * Features of sites (typically floors), published nightly. The table is documented, its columns are
 * assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { site_features } from "@innerspace-metrics/core/v1"
 *
 * const fullestRooms = Query.from(site_features, {
 *   select: ["site_id", "feature_value", "date_time_start"],
 *   where: {
 *     feature_name: "occupancy_percent_capacity_max_room",
 *     granularity: "P1D",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * ```
 */
export const site_features: Table.Table<"site_features", site_features> = /* @__PURE__ */ (() =>
  Table.make("site_features", { site_id: assumedId(), ...featureColumns() }, ofFeatures))()

/**
 * Metrics of sites (typically floors), published nightly. The table is documented, its columns are
 * assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { site_metrics } from "@innerspace-metrics/core/v1"
 *
 * const rooms = Query.from(site_metrics, {
 *   select: ["site_id", "metric_value", "date_time_start"],
 *   where: {
 *     metric_name: "occupancy_mean_room",
 *     granularity: "P1D",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * ```
 */
export const site_metrics: Table.Table<"site_metrics", site_metrics> = /* @__PURE__ */ (() =>
  Table.make("site_metrics", { site_id: assumedId(), ...metricColumns() }, ofMetrics))()

/**
 * Features of zones, published nightly. The table is documented, its columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { zone_features } from "@innerspace-metrics/core/v1"
 *
 * const names = Query.from(zone_features, {
 *   select: ["feature_name"],
 *   where: {
 *     granularity: "P1W",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   },
 *   allowOpen: ["feature_name"],
 *   limit: 100
 * })
 * ```
 */
export const zone_features: Table.Table<"zone_features", zone_features> = /* @__PURE__ */ (() =>
  Table.make("zone_features", { zone_id: assumedId(), ...featureColumns() }, ofFeatures))()

/**
 * Metrics of zones, published nightly. The table is documented, its columns are assumed.
 *
 * @example
 * ```ts
 * import { Query, TimeRange } from "@innerspace-metrics/core"
 * import { zone_metrics } from "@innerspace-metrics/core/v1"
 *
 * const quarterHours = Query.from(zone_metrics, {
 *   select: ["zone_id", "metric_value", "date_time_start"],
 *   where: {
 *     zone_id: [11, 12],
 *     metric_name: "occupancy_mean",
 *     granularity: "PT15M",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
 *     date_time_start: TimeRange.month("2024-03", "America/Chicago")
 *   }
 * })
 * ```
 */
export const zone_metrics: Table.Table<"zone_metrics", zone_metrics> = /* @__PURE__ */ (() =>
  Table.make("zone_metrics", { zone_id: assumedId(), ...metricColumns() }, ofMetrics))()

/**
 * How many people are in a zone. The table is documented. Its columns are assumed. It is also
 * assumed that the table has both real-time and nightly rows.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { zone_occupancy } from "@innerspace-metrics/core/v1"
 *
 * const now = Query.from(zone_occupancy, {
 *   select: ["occupancy", "date_time_start"],
 *   where: { zone_id: 11 },
 *   orderBy: { date_time_start: "desc" },
 *   limit: 1
 * })
 * ```
 */
export const zone_occupancy: Table.Table<"zone_occupancy", zone_occupancy> = /* @__PURE__ */ (() =>
  Table.make("zone_occupancy", {
    zone_id: Column.key(Column.assumed(Scalar.Int, realtime)),
    date_time_start: Column.key(Column.assumed(Scalar.timestamptz, realtime)),
    occupancy: Column.nullable(Column.assumed(Scalar.Int, realtime))
  }))()

/**
 * All tables of this module. Compare this catalogue with the server's catalogue to check the
 * assumed columns.
 *
 * @example
 * ```ts
 * import { Catalog, MetricsClient } from "@innerspace-metrics/core"
 * import * as v1 from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const differences = Effect.gen(function* () {
 *   const metrics = yield* MetricsClient.MetricsClient
 *   const live = yield* Catalog.fromIntrospection("live", yield* metrics.schema)
 *   return Catalog.diff(v1.catalog, live).map(Catalog.formatChange)
 * })
 * ```
 */
export const catalog: Catalog.Catalog = /* @__PURE__ */ makeCatalog("v1", [
  building_features,
  building_metrics,
  site_features,
  site_metrics,
  zone_features,
  zone_metrics,
  zone_occupancy
])
