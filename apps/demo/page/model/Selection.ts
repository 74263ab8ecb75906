/**
 * A selection says what the page shows. The URL contains it, so a selection contains no token and
 * no name of a person.
 */
import { type Granularity, isGranularity } from "@innerspace-metrics/core/Granularity"
import * as Option from "effect/Option"
import type { Directory } from "./Directory.js"
import * as Span from "./Span.js"

/**
 * The columns of v1.5 that the page can show. Both columns are loaded together, so a change between
 * them sends no request.
 */
export type Measure = "OCCUPANCY_MAX" | "OCCUPANCY_MEAN"

export const measures: Readonly<Record<Measure, { readonly name: string; readonly unit: string }>> =
  {
    OCCUPANCY_MAX: { name: "Peak", unit: "people at once, at most" },
    OCCUPANCY_MEAN: { name: "Average", unit: "people on average, empty minutes included" }
  }

export interface Selection {
  readonly building: number
  /** The chosen floor, or none for the whole building. */
  readonly floor: Option.Option<number>
  readonly group: string
  readonly granularity: Granularity
  readonly span: Span.Span
}

/** The choices in the URL. `resolve` fills in the others. */
export type Choice = Partial<Record<(typeof keys)[number], string | undefined>>

const keys = ["building", "floor", "group", "measure", "granularity", "span"] as const

export const fromUrl = (search: string): Choice => {
  const parameters = new URLSearchParams(search)
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = parameters.get(key)
      return value === null ? [] : [[key, value]]
    })
  )
}

export const toUrl = (choice: Choice): string =>
  `?${new URLSearchParams(keys.flatMap((key) => (choice[key] === undefined ? [] : [[key, choice[key]]])))}`

/** The measure that the page shows. It does not affect which data is loaded. */
export const measureOf = (choice: Choice): Measure =>
  choice.measure === "OCCUPANCY_MEAN" ? "OCCUPANCY_MEAN" : "OCCUPANCY_MAX"

/** The chosen building, or the first building if the URL does not name one. */
export const buildingOf = (choice: Choice, directory: Directory): Option.Option<number> =>
  choice.building === undefined
    ? Option.map(Option.fromNullable(directory.buildings[0]), ({ id }) => id)
    : Option.filter(Option.some(Number(choice.building)), Number.isSafeInteger)

/**
 * Completes a choice: it replaces missing and unknown values by defaults. `latest` is the last
 * local date with values.
 */
export const resolve = (
  choice: Choice,
  building: number,
  directory: Directory,
  latest: string
): Selection => {
  const span = Option.getOrElse(Option.flatMap(Option.fromNullable(choice.span), Span.parse), () =>
    Span.containing("month", latest)
  )
  const allowed = Span.granularities[span.unit]
  const granularity =
    choice.granularity !== undefined &&
    isGranularity(choice.granularity) &&
    allowed.includes(choice.granularity)
      ? choice.granularity
      : "P1D"
  return {
    building,
    floor: Option.filter(Option.some(Number(choice.floor)), (floor) =>
      directory.floors.some(({ id, buildingId }) => id === floor && buildingId === building)
    ),
    group: directory.groups.find(({ id }) => id === choice.group)?.id ?? directory.everyone,
    granularity,
    span
  }
}
