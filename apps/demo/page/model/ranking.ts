/** Ranks spaces by how full they were. */
import type * as Series from "@innerspace-metrics/core/Series"
import type { Zone } from "./Directory.js"
import { type Summary, summarize } from "./Summary.js"

export interface RankedSpace {
  readonly zone: Zone
  readonly series: Series.Series
  readonly summary: Summary
  readonly value: number
  /** The occupied share of the seats; 1 means that all seats were occupied. */
  readonly share: number
}

/** The fullest spaces, and the spaces that cannot be ranked. */
export const rankSpaces = (
  zones: ReadonlyArray<Zone>,
  seriesById: ReadonlyMap<number, Series.Series>,
  limit: number
): { readonly ranked: ReadonlyArray<RankedSpace>; readonly unranked: ReadonlyArray<Zone> } => {
  const ranked: Array<RankedSpace> = []
  const unranked: Array<Zone> = []
  for (const zone of zones) {
    const series = seriesById.get(zone.id)
    const summary = series === undefined ? undefined : summarize(series)
    if (series === undefined || summary?.value === undefined || !zone.capacity) unranked.push(zone)
    else {
      const { value } = summary
      ranked.push({ zone, series, summary, value, share: value / zone.capacity })
    }
  }
  return {
    ranked: ranked.toSorted((a, b) => b.share - a.share).slice(0, limit),
    unranked
  }
}
