/**
 * The periods for which the vendor publishes metrics and features.
 */

/**
 * An ISO 8601 duration for which the vendor publishes values: a quarter hour, an hour, a day, a
 * week or a month. A value at `PT1H` is the aggregate over the whole hour.
 *
 * Source: https://developers.innerspace.io/granularity
 *
 * @example
 * ```ts
 * import type { Granularity } from "@innerspace-metrics/core"
 *
 * const weekly: Granularity.Granularity = "P1W"
 * ```
 */
export type Granularity = "PT15M" | "PT1H" | "P1D" | "P1W" | "P1M"

/**
 * All granularities, from the finest to the coarsest.
 *
 * @example
 * ```ts
 * import { Granularity } from "@innerspace-metrics/core"
 *
 * Granularity.all.map((granularity) => `<option>${granularity}</option>`)
 * ```
 */
export const all: ReadonlyArray<Granularity> = ["PT15M", "PT1H", "P1D", "P1W", "P1M"]

/**
 * Whether a value is a granularity.
 *
 * @example
 * ```ts
 * import { Granularity } from "@innerspace-metrics/core"
 *
 * Granularity.isGranularity("PT5M") // false
 * ```
 */
export const isGranularity = (value: unknown): value is Granularity =>
  all.some((granularity) => granularity === value)
