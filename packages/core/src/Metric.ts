/**
 * Metrics and features by name: what each metric counts, and how the values of a metric may be
 * combined.
 *
 * Only the first six rows of the vendor's list of metrics are public. The types of names are
 * therefore open: editors complete the known names, and the compiler accepts any other name.
 */
import * as Option from "effect/Option"
import type * as Column from "./Column.js"
import type { Granularity } from "./Granularity.js"
import type { KnownFeatures } from "./internal/catalog/knownMetrics.js"
import { knownFeatures, knownMetrics } from "./internal/catalog/knownMetrics.js"

/**
 * A metric or a feature. The type parameters keep `name`, `overTime` and `overSpace` as literal
 * types, so that the compiler can reject a combination that makes no sense.
 */
export interface Metric<
  out Name extends string = string,
  out Time extends OverTime = OverTime,
  out Space extends OverSpace = OverSpace
> {
  readonly name: Name
  /**
   * A metric is one number; a feature is an object with several values.
   * Source: https://developers.innerspace.io/metrics-and-features
   */
  readonly kind: "metric" | "feature"
  readonly unit: Unit
  /** The kinds of space for which the metric is known to exist. */
  readonly scopes: ReadonlyArray<Scope>
  /**
   * The granularities at which the metric has been seen. Other granularities may exist, because the
   * vendor's list is not public.
   */
  readonly granularities: ReadonlyArray<Granularity>
  /**
   * How the values of several periods of one space combine into one value. The rule follows from
   * the metric's definition.
   */
  readonly overTime: Time
  /**
   * How the values of spaces that do not overlap combine into one value. The rule follows from the
   * metric's definition.
   */
  readonly overSpace: Space
  /** How the name is known: it is documented, observed or assumed. */
  readonly evidence: Column.Any["evidence"]
  /** The page that documents the name, or the reason for the assumption. */
  readonly source: string
}

/** The unit of a value. A share is from 0 to 1, a percentage from 0 to 100. */
type Unit = "people" | "minutes" | "share" | "percent" | "unknown"

/**
 * The kind of space that a value describes: a building, a site (typically a floor), or a zone (an
 * area defined by a polygon).
 *
 * Source: https://developers.innerspace.io/metrics-and-features
 */
type Scope = "building" | "site" | "zone"

/**
 * How values of one space may be combined over time. The weight `occupiedMinutes` is for metrics
 * that leave out empty minutes. This weight is the number of minutes in which somebody was present.
 */
type OverTime = Simple | WeightedMean<"duration" | "occupiedMinutes">

/** How values of one period may be combined over spaces that do not overlap. */
type OverSpace = Simple | WeightedMean<"capacity">

/** Ways to combine values without weights. `never` means that the values cannot be combined. */
type Simple = "sum" | "max" | "min" | "never"

/** The mean of the values, weighted by the given quantity. */
export interface WeightedMean<out Weight extends string> {
  readonly weightedMean: Weight
}

/** The metrics that are known by name: values of `metric_name` in v1, columns in v1.5 and v2. */
export interface KnownMetrics {
  /** Mean of the per-minute counts of people, empty minutes included. */
  readonly occupancy_mean: Metric<"occupancy_mean", WeightedMean<"duration">, "sum">
  /**
   * Mean of the per-minute counts of people in rooms, empty minutes included. The metric cannot be
   * combined over space, because the vendor does not document whether it describes one room or all
   * rooms together.
   */
  readonly occupancy_mean_room: Metric<"occupancy_mean_room", WeightedMean<"duration">, "never">
  /** Mean of the per-minute counts of people over the minutes in which somebody is present. */
  readonly occupancy_pos_mean: Metric<
    "occupancy_pos_mean",
    WeightedMean<"occupiedMinutes">,
    "never"
  >
  /**
   * Mean of the per-minute counts of people in rooms over the minutes in which somebody is present.
   */
  readonly occupancy_pos_mean_room: Metric<
    "occupancy_pos_mean_room",
    WeightedMean<"occupiedMinutes">,
    "never"
  >
  /**
   * The largest per-minute count of people. The peaks of several spaces can be in different
   * minutes, so their sum is not a peak.
   */
  readonly occupancy_max: Metric<"occupancy_max", "max", "never">
  /**
   * How many different people were present. Values cannot be added: a person who came in two
   * periods, or to two spaces, would count twice.
   */
  readonly people_count: Metric<"people_count", "never", "never">
  /** `occupancy_mean` as a column of v1.5 and v2. */
  readonly OCCUPANCY_MEAN: Metric<"OCCUPANCY_MEAN", WeightedMean<"duration">, "sum">
  /** `occupancy_pos_mean` as a column of v1.5 and v2. */
  readonly OCCUPANCY_POS_MEAN: Metric<
    "OCCUPANCY_POS_MEAN",
    WeightedMean<"occupiedMinutes">,
    "never"
  >
  /** `occupancy_max` as a column of v1.5 and v2. */
  readonly OCCUPANCY_MAX: Metric<"OCCUPANCY_MAX", "max", "never">
  /** `people_count` as a column of v1.5 and v2. */
  readonly PEOPLE_COUNT: Metric<"PEOPLE_COUNT", "never", "never">
}

/**
 * The known metrics and features, by name. Names in lower case are names of v1. Names in upper case
 * are columns of v1.5 and v2.
 *
 * @example
 * ```ts
 * import { Metric } from "@innerspace-metrics/core"
 *
 * Metric.known.OCCUPANCY_MEAN.unit // "people"
 * Metric.known.OCCUPANCY_MAX.overTime // "max": the peak of a day is the largest peak of its hours
 * Metric.known.OCCUPANCY_MAX.overSpace // "never": two floors need not peak in the same minute
 * ```
 */
export const known: KnownMetrics & KnownFeatures = { ...knownMetrics, ...knownFeatures }

/**
 * Returns the known metric or feature with exactly this name, or `None` if the name is not known.
 *
 * @example
 * ```ts
 * import { Metric } from "@innerspace-metrics/core"
 * import * as Option from "effect/Option"
 *
 * const unit = (name: string) =>
 *   Option.match(Metric.find(name), { onNone: () => "unknown", onSome: (metric) => metric.unit })
 * ```
 */
export const find = (name: string): Option.Option<Metric> => Option.fromNullable(byName.get(name))

const byName: ReadonlyMap<string, Metric> = new Map(Object.entries<Metric>({ ...known }))

/**
 * The definition of a custom metric. An omitted `scopes` or `granularities` becomes an empty list.
 */
interface Definition<Time extends OverTime, Space extends OverSpace> {
  readonly unit: Unit
  readonly overTime: Time
  readonly overSpace: Space
  /** Where the definition comes from. */
  readonly source: string
  readonly scopes?: ReadonlyArray<Scope>
  readonly granularities?: ReadonlyArray<Granularity>
}

/**
 * Defines a metric that is not in `known`.
 *
 * @example
 * ```ts
 * import { Metric } from "@innerspace-metrics/core"
 *
 * const desk_minutes = Metric.make("DESK_MINUTES", {
 *   unit: "minutes",
 *   overTime: "sum",
 *   overSpace: "sum",
 *   source: "our contract"
 * })
 * ```
 */
export const make = <
  const Name extends string,
  const Time extends OverTime,
  const Space extends OverSpace
>(
  name: Name,
  definition: Definition<Time, Space>
): Metric<Name, Time, Space> => ({
  name,
  kind: "metric",
  scopes: [],
  granularities: [],
  evidence: "assumed",
  ...definition
})
