/**
 * The meaning of the colours and patterns of a figure. The legend lists only the colours and
 * patterns that the figure uses.
 */
import type * as Series from "@innerspace-metrics/core/Series"
import { gapWords } from "../model/words.js"

interface Properties {
  readonly tags: ReadonlySet<Series.Bucket["_tag"]>
  /** The ends of the colour scale, if the figure has one. */
  readonly scale?: { readonly unit: string; readonly largest: string }
}

const gaps = ["NotMeasured", "NotPublished", "NotPermitted"] as const

export const Legend = ({ tags, scale }: Properties) => {
  const present = gaps.filter((reason) => tags.has(reason))
  if (scale === undefined && present.length === 0) return null
  return (
    <ul class="legend">
      {scale !== undefined && (
        <li class="legend-scale">
          <span>1</span>
          <span class="swatch-scale" aria-hidden="true" />
          <span>
            {scale.largest} {scale.unit}
          </span>
        </li>
      )}
      {scale !== undefined && tags.has("Zero") && (
        <li>
          <span class="swatch swatch-zero" aria-hidden="true" />
          zero
        </li>
      )}
      {present.map((reason) => (
        <li key={reason}>
          <span class={`swatch swatch-${reason}`} aria-hidden="true" />
          {gapWords[reason]}
        </li>
      ))}
    </ul>
  )
}

export const tagsOf = (series: ReadonlyArray<Series.Series>): ReadonlySet<Series.Bucket["_tag"]> =>
  new Set(series.flatMap(({ buckets }) => buckets.map(({ _tag }) => _tag)))
