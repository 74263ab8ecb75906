/**
 * The catalogue of the vendor's v1.5 and v2 APIs (`Api.v1_5`, `Api.v2`). The tables of insights,
 * whose names end with `_INSIGHTS`, are wide: each metric is a column.
 *
 * The vendor's pages list the tables, but document only seven columns of `BUILDING_INSIGHTS`. All
 * other columns are assumed and can be wrong. If a column is wrong, define your own `Table`.
 */
import type * as DateTime from "effect/DateTime"
import type * as Catalog from "./Catalog.js"
import * as Column from "./Column.js"
import type * as Filter from "./Filter.js"
import * as Granularity from "./Granularity.js"
import { makeCatalog } from "./internal/catalog/makeCatalog.js"
import * as Scalar from "./Scalar.js"
import * as Table from "./Table.js"

// Each table is made in a function call that is marked pure. A bundler can therefore drop the
// tables that a program does not use.

const authenticationPage = "https://developers.innerspace.io/authentication"

const asBuildingInsights = "by symmetry with BUILDING_INSIGHTS"

const scopes =
  "insights are for buildings, sites and zones: https://developers.innerspace.io/api-reference-v2"

const posInNames =
  "pos in a name leaves empty minutes out: https://developers.innerspace.io/metrics-and-features"

const portal =
  "the portal shows it: https://help.innerspace.io/en/articles/10632815-innerspace-default-metrics"

const listed = "the table is in the vendor's list of pages, its columns are not public"

const granularity = (): Scalar.Scalar<string, Filter.TextFilter<Granularity.Granularity>> =>
  Scalar.make({ ...Scalar.String, names: Granularity.all })

/** Columns that all tables of insights have. */
interface InsightsColumns {
  readonly BUILDING_ID: Column.Column<number, Filter.NumberFilter>
  /**
   * The id of a site, typically a floor. The rows for a whole building have a site id of their own
   * (assumed).
   */
  readonly SITE_ID: Column.Column<number, Filter.NumberFilter>
  /**
   * The id of a group of people. `00000000-0000-0000-0000-000000000000` seems to mean everyone in
   * v2 (assumed).
   */
  readonly GROUP_ID: Column.Column<string, Filter.TextFilter>
  readonly GRANULARITY: Column.Column<string, Filter.TextFilter<Granularity.Granularity>>
  /**
   * A day as the integer YYYYMMDD. A filter accepts a `TimeRange`. It is assumed that the day is a
   * day in the building's zone. The vendor does not document the zone.
   */
  readonly DATE_PARTITION: Column.Column<number, Filter.DatePartitionFilter>
  /** Start of the period, in UTC (assumed). */
  readonly DATE_TIME_START: Column.Column<DateTime.Utc, Filter.TimestampFilter>
  /** Mean of the per-minute counts of people, empty minutes included (assumed). */
  readonly OCCUPANCY_MEAN: Column.Column<number | null, Filter.NumberFilter>
  /**
   * Mean of the per-minute counts of people, empty minutes left out. Null if nobody was present.
   */
  readonly OCCUPANCY_POS_MEAN: Column.Column<number | null, Filter.NumberFilter>
  /** The largest per-minute count of people. */
  readonly OCCUPANCY_MAX: Column.Column<number | null, Filter.NumberFilter>
  /** How many different people were present. */
  readonly PEOPLE_COUNT: Column.Column<bigint | null, Filter.BigintFilter>
}

/** Columns of `BUILDING_INSIGHTS`. */
export interface BUILDING_INSIGHTS extends InsightsColumns {}

/** Columns of `ZONE_INSIGHTS`. */
export interface ZONE_INSIGHTS extends InsightsColumns {
  readonly ZONE_ID: Column.Column<number, Filter.NumberFilter>
}

/** Columns of `ZONE_TYPE_INSIGHTS`. */
export interface ZONE_TYPE_INSIGHTS extends InsightsColumns {
  /** A type of space, as the customer configured it. */
  readonly ZONE_TYPE: Column.Column<string, Filter.TextFilter>
}

/**
 * The dimensions of all tables of insights. A query must filter by these columns, so that its rows
 * do not mix groups or granularities.
 */
const dimensions = { dimensions: ["GRANULARITY", "GROUP_ID"] } as const

const assumedMetrics = () => ({
  OCCUPANCY_POS_MEAN: Column.nullable(Column.assumed(Scalar.Float, posInNames)),
  OCCUPANCY_MAX: Column.nullable(
    Column.assumed(Scalar.Float, "OCCUPANCY_MEAN with another statistic of the vendor's names")
  ),
  PEOPLE_COUNT: Column.nullable(Column.assumed(Scalar.bigint, portal))
})

const assumedInsights = (): InsightsColumns => ({
  BUILDING_ID: Column.key(Column.assumed(Scalar.Int, asBuildingInsights)),
  SITE_ID: Column.key(Column.assumed(Scalar.Int, asBuildingInsights)),
  GROUP_ID: Column.key(Column.assumed(Scalar.String, asBuildingInsights)),
  GRANULARITY: Column.key(Column.assumed(granularity(), asBuildingInsights)),
  DATE_PARTITION: Column.assumed(Scalar.datePartition, asBuildingInsights),
  DATE_TIME_START: Column.key(Column.assumed(Scalar.timestamptz, asBuildingInsights)),
  OCCUPANCY_MEAN: Column.nullable(Column.assumed(Scalar.Float, asBuildingInsights)),
  ...assumedMetrics()
})

/**
 * Metrics of buildings, published nightly.
 *
 * Seven columns are in the vendor's example. The types of five of these columns follow from the
 * literals in the example. The types of `DATE_TIME_START` and `OCCUPANCY_MEAN` are assumed. The
 * other three columns of the table are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { BUILDING_INSIGHTS } from "@innerspace-metrics/core/v2"
 *
 * const day = Query.from(BUILDING_INSIGHTS, {
 *   select: ["DATE_TIME_START", "OCCUPANCY_MEAN"],
 *   where: {
 *     BUILDING_ID: 71,
 *     GRANULARITY: "PT1H",
 *     GROUP_ID: "00000000-0000-0000-0000-000000000000",
 *     DATE_PARTITION: 20240108
 *   },
 *   orderBy: [{ DATE_TIME_START: "asc" }]
 * })
 * ```
 */
export const BUILDING_INSIGHTS: Table.Table<"BUILDING_INSIGHTS", BUILDING_INSIGHTS> =
  /* @__PURE__ */ (() =>
    Table.make(
      "BUILDING_INSIGHTS",
      {
        BUILDING_ID: Column.key(Column.documented(Scalar.Int, authenticationPage)),
        SITE_ID: Column.key(Column.documented(Scalar.Int, authenticationPage)),
        GROUP_ID: Column.key(Column.documented(Scalar.String, authenticationPage)),
        GRANULARITY: Column.key(Column.documented(granularity(), authenticationPage)),
        DATE_PARTITION: Column.documented(Scalar.datePartition, authenticationPage),
        DATE_TIME_START: Column.key(
          Column.assumed(Scalar.timestamptz, "named and sorted as a time in the example")
        ),
        OCCUPANCY_MEAN: Column.nullable(
          Column.assumed(Scalar.Float, "the mean of a count, selected in the example")
        ),
        ...assumedMetrics()
      },
      dimensions
    ))()

/**
 * Metrics of zones (areas defined by a polygon), published nightly. All columns are assumed.
 *
 * @example
 * ```ts
 * import { Query, TimeRange } from "@innerspace-metrics/core"
 * import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
 *
 * const week = Query.from(ZONE_INSIGHTS, {
 *   select: ["ZONE_ID", "DATE_TIME_START", "OCCUPANCY_MEAN"],
 *   where: {
 *     BUILDING_ID: 71,
 *     GRANULARITY: "PT1H",
 *     GROUP_ID: "00000000-0000-0000-0000-000000000000",
 *     DATE_PARTITION: TimeRange.week("2025-W18", "America/Chicago")
 *   },
 *   orderBy: [{ ZONE_ID: "asc" }, { DATE_TIME_START: "asc" }]
 * })
 * ```
 */
export const ZONE_INSIGHTS: Table.Table<"ZONE_INSIGHTS", ZONE_INSIGHTS> = /* @__PURE__ */ (() =>
  Table.make(
    "ZONE_INSIGHTS",
    {
      ...assumedInsights(),
      ZONE_ID: Column.key(Column.assumed(Scalar.Int, scopes))
    },
    dimensions
  ))()

/**
 * Metrics of all zones of the same type, published nightly. All columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { ZONE_TYPE_INSIGHTS } from "@innerspace-metrics/core/v2"
 *
 * const day = Query.from(ZONE_TYPE_INSIGHTS, {
 *   select: ["ZONE_TYPE", "OCCUPANCY_POS_MEAN"],
 *   where: {
 *     BUILDING_ID: 71,
 *     GRANULARITY: "P1D",
 *     GROUP_ID: "00000000-0000-0000-0000-000000000000",
 *     DATE_PARTITION: 20240108
 *   }
 * })
 * ```
 */
export const ZONE_TYPE_INSIGHTS: Table.Table<"ZONE_TYPE_INSIGHTS", ZONE_TYPE_INSIGHTS> =
  /* @__PURE__ */ (() =>
    Table.make(
      "ZONE_TYPE_INSIGHTS",
      {
        ...assumedInsights(),
        ZONE_TYPE: Column.key(Column.assumed(Scalar.String, "the table's name"))
      },
      dimensions
    ))()

const id = /* @__PURE__ */ Column.assumed(Scalar.Int, listed)

const text = /* @__PURE__ */ Column.assumed(Scalar.String, listed)

const textOrNull = /* @__PURE__ */ Column.nullable(text)

const capacity = /* @__PURE__ */ Column.nullable(/* @__PURE__ */ Column.assumed(Scalar.Int, listed))

/** Columns of `BUILDINGS`. */
export interface BUILDINGS {
  readonly BUILDING_ID: Column.Column<number, Filter.NumberFilter>
  readonly NAME: Column.Column<string | null, Filter.TextFilter>
  /** An IANA name, such as `America/Chicago`. */
  readonly TIME_ZONE: Column.Column<string | null, Filter.TextFilter>
  /** How many people the building is designed for. */
  readonly CAPACITY: Column.Column<number | null, Filter.NumberFilter>
}

/**
 * Buildings. All columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { BUILDINGS } from "@innerspace-metrics/core/v2"
 *
 * const zones = Query.from(BUILDINGS, { select: ["BUILDING_ID", "TIME_ZONE"] })
 * ```
 */
export const BUILDINGS: Table.Table<"BUILDINGS", BUILDINGS> = /* @__PURE__ */ (() =>
  Table.make("BUILDINGS", {
    BUILDING_ID: id,
    NAME: textOrNull,
    TIME_ZONE: textOrNull,
    CAPACITY: capacity
  }))()

/** Columns of `FLOORS`. */
export interface FLOORS {
  readonly FLOOR_ID: Column.Column<number, Filter.NumberFilter>
  readonly BUILDING_ID: Column.Column<number, Filter.NumberFilter>
  readonly NAME: Column.Column<string | null, Filter.TextFilter>
  /** Number of the floor, counted from the lowest floor. */
  readonly LEVEL: Column.Column<number | null, Filter.NumberFilter>
}

/**
 * Floors of buildings. All columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { FLOORS } from "@innerspace-metrics/core/v2"
 *
 * const fromBelow = Query.from(FLOORS, {
 *   select: ["FLOOR_ID", "NAME"],
 *   where: { BUILDING_ID: 71 },
 *   orderBy: { LEVEL: "asc" }
 * })
 * ```
 */
export const FLOORS: Table.Table<"FLOORS", FLOORS> = /* @__PURE__ */ (() =>
  Table.make("FLOORS", {
    FLOOR_ID: id,
    BUILDING_ID: id,
    NAME: textOrNull,
    LEVEL: Column.nullable(Column.assumed(Scalar.Int, listed))
  }))()

/** Columns of `SITES`. */
export interface SITES {
  readonly SITE_ID: Column.Column<number, Filter.NumberFilter>
  readonly BUILDING_ID: Column.Column<number, Filter.NumberFilter>
  readonly NAME: Column.Column<string | null, Filter.TextFilter>
  /** How many people the site is designed for. */
  readonly CAPACITY: Column.Column<number | null, Filter.NumberFilter>
}

/**
 * Sites: the parts of a building for which metrics are published, typically floors. All columns are
 * assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { SITES } from "@innerspace-metrics/core/v2"
 *
 * const capacities = Query.from(SITES, {
 *   select: ["SITE_ID", "CAPACITY"],
 *   where: { BUILDING_ID: 71 }
 * })
 * ```
 */
export const SITES: Table.Table<"SITES", SITES> = /* @__PURE__ */ (() =>
  Table.make("SITES", {
    SITE_ID: id,
    BUILDING_ID: id,
    NAME: textOrNull,
    CAPACITY: capacity
  }))()

/** Columns of `GROUPS`. */
export interface GROUPS {
  readonly GROUP_ID: Column.Column<string, Filter.TextFilter>
  readonly NAME: Column.Column<string | null, Filter.TextFilter>
}

/**
 * Groups of people, such as a team or "Early Birds" (https://developers.innerspace.io/groups). All
 * columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { GROUPS } from "@innerspace-metrics/core/v2"
 *
 * const names = Query.from(GROUPS, { select: ["GROUP_ID", "NAME"], orderBy: { NAME: "asc" } })
 * ```
 */
export const GROUPS: Table.Table<"GROUPS", GROUPS> = /* @__PURE__ */ (() =>
  Table.make("GROUPS", {
    GROUP_ID: text,
    NAME: textOrNull
  }))()

/** Columns of `ZONES`. */
export interface ZONES {
  readonly ZONE_ID: Column.Column<number, Filter.NumberFilter>
  readonly SITE_ID: Column.Column<number, Filter.NumberFilter>
  readonly NAME: Column.Column<string | null, Filter.TextFilter>
  /** A type of space, as the customer configured it. */
  readonly ZONE_TYPE: Column.Column<string | null, Filter.TextFilter>
  /** How many people the zone is designed for. */
  readonly CAPACITY: Column.Column<number | null, Filter.NumberFilter>
}

/**
 * Zones: areas of sites, defined by a polygon. All columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { ZONES } from "@innerspace-metrics/core/v2"
 *
 * const largeOnes = Query.from(ZONES, {
 *   select: ["ZONE_ID", "NAME", "ZONE_TYPE"],
 *   where: { CAPACITY: { _gte: 12 } }
 * })
 * ```
 */
export const ZONES: Table.Table<"ZONES", ZONES> = /* @__PURE__ */ (() =>
  Table.make("ZONES", {
    ZONE_ID: id,
    SITE_ID: id,
    NAME: textOrNull,
    ZONE_TYPE: textOrNull,
    CAPACITY: capacity
  }))()

/** Columns of `ZONE_SET`. */
export interface ZONE_SET {
  readonly ZONE_SET_ID: Column.Column<number, Filter.NumberFilter>
  readonly ZONE_ID: Column.Column<number, Filter.NumberFilter>
  /** Name of the set. */
  readonly NAME: Column.Column<string | null, Filter.TextFilter>
}

/**
 * Which zones are in which set, with one row for each zone of a set. All columns are assumed.
 *
 * @example
 * ```ts
 * import { Query } from "@innerspace-metrics/core"
 * import { ZONE_SET } from "@innerspace-metrics/core/v2"
 *
 * const members = Query.from(ZONE_SET, { select: ["ZONE_ID"], where: { ZONE_SET_ID: 1 } })
 * ```
 */
export const ZONE_SET: Table.Table<"ZONE_SET", ZONE_SET> = /* @__PURE__ */ (() =>
  Table.make("ZONE_SET", {
    ZONE_SET_ID: id,
    ZONE_ID: id,
    NAME: textOrNull
  }))()

/**
 * All tables of this module. Compare this catalogue with the server's catalogue to check the
 * assumed columns.
 *
 * @example
 * ```ts
 * import { Catalog, MetricsClient } from "@innerspace-metrics/core"
 * import * as v2 from "@innerspace-metrics/core/v2"
 * import * as Effect from "effect/Effect"
 *
 * const differences = Effect.gen(function* () {
 *   const metrics = yield* MetricsClient.MetricsClient
 *   const live = yield* Catalog.fromIntrospection("live", yield* metrics.schema)
 *   return Catalog.diff(v2.catalog, live).map(Catalog.formatChange)
 * })
 * ```
 */
export const catalog: Catalog.Catalog = /* @__PURE__ */ makeCatalog("v2", [
  BUILDING_INSIGHTS,
  ZONE_INSIGHTS,
  ZONE_TYPE_INSIGHTS,
  BUILDINGS,
  FLOORS,
  SITES,
  GROUPS,
  ZONES,
  ZONE_SET
])
